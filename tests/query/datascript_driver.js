// Answers queries with npm's `datascript`. Input: one JSON document a line, {schema, datoms, queries}. Output: a line each.
const readline = require("node:readline");
const path = require("node:path");
const d = require(path.join(process.argv[2], "node_modules", "datascript"));

const attribute = /:(block\/[A-Za-z?-]+)/g;
const strings = (text) => (text === null ? null : text.replace(attribute, '"$1"'));

function run(db, each) {
  try {
    const inputs = [...each.inputs, ...(each.rules ? [strings(each.rules)] : [])];
    return { value: d.q(strings(each.query), db, ...inputs) };
  } catch (error) {
    return { error: String(error.message || error) };
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  const given = JSON.parse(line);
  const facts = given.datoms.map(([entity, name, value]) => [":db/add", entity, name, value]);
  const db = d.db_with(d.empty_db(given.schema), facts);
  console.log(JSON.stringify(given.queries.map((each) => run(db, each))));
});
