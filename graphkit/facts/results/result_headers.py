"""The words that name the columns of a result table, in several languages (spec: domain §8)."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from graphkit.text.records import Record

if TYPE_CHECKING:
    from collections.abc import Mapping

Column = Literal["variant", "metric", "date", "n", "conversions", "rate", "mean", "sd", "se", "derived"]
"""Kinds of columns; `derived` ones (a lift, a p-value) repeat what is computed here and are not read."""

_WORDS: Final[Mapping[Column, str]] = {
    "variant": "variant, variants, variation, variations, arm, arms, group, groups, bucket, version, "
    "variante, varianten, gruppe, gruppen, testgruppe, groupe, groupes, grupo, grupos, versión, versão, "
    "变体, 版本, 组, 组别, 分组, 方案",
    "metric": "metric, metrics, measure, kpi, kennzahl, kennzahlen, metrik, métrique, indicateur, métrica, "
    "indicador, 指标",
    "date": "date, day, datum, tag, jour, fecha, día, data, dia, 日期",
    "n": "n, users, participants, visitors, sessions, units, sample, sample size, size, subjects, customers, "
    "accounts, nutzer, benutzer, besucher, teilnehmer, sitzungen, einheiten, stichprobe, fallzahl, "
    "personen, kunden, konten, utilisateurs, visiteurs, unités, effectif, échantillon, clients, "
    "usuarios, visitantes, participantes, sesiones, unidades, muestra, clientes, cuentas, usuários, "
    "utilizadores, sessões, amostra, contas, 用户, 用户数, 访客, 访客数, 参与者, 参与人数, 会话, 会话数, "
    "样本, 样本量, 样本数, 人数, 单位",
    "conversions": "conversions, conversion, converted, conv, orders, signups, sign-ups, successes, "
    "purchases, konversionen, konvertiert, konvertierungen, bestellungen, anmeldungen, registrierungen, "
    "erfolge, käufe, abschlüsse, convertis, commandes, inscriptions, succès, achats, conversiones, "
    "convertidos, pedidos, registros, éxitos, compras, conversões, inscrições, cadastros, sucessos, "
    "转化, 转化数, 转换, 转换数, 订单, 订单数, 注册, 注册数, 成功, 成功数, 购买, 购买数",
    "rate": "rate, conversion rate, conv rate, success rate, cr, cvr, share, %, quote, konversionsrate, "
    "konversionsquote, conversion-rate, anteil, taux, taux de conversion, part, tasa, "
    "tasa de conversión, proporción, taxa, taxa de conversão, proporção, 转化率, 转换率, 比率, 比例, 率",
    "mean": "mean, average, avg, μ, mittelwert, durchschnitt, mittel, moyenne, media, promedio, média, 均值, "
    "平均, 平均值, 平均数",
    "sd": "sd, std, stddev, stdev, std dev, standard deviation, σ, s, standardabweichung, stabw, écart-type, "
    "desviación típica, desviación estándar, desvio padrão, 标准差",
    "se": "se, sem, stderr, std error, std err, standard error, standardfehler, erreur type, "
    "erreur standard, error estándar, error típico, erro padrão, 标准误, 标准误差",
    "derived": "lift, uplift, change, difference, diff, delta, Δ, p, p value, significance, significant, "
    "confidence, ci, 95% ci, interval, confidence interval, chance to win, winner, verdict, veränderung, "
    "unterschied, signifikanz, konfidenz, différence, écart, signification, cambio, diferencia, "
    "significancia, mudança, diferença, significância, 提升, 差异, 变化, 显著性, p值",
}
"""Words and phrases of every column, between commas."""

_TOTALS: Final = (
    "total, totals, sum, all, overall, all variants, grand total, gesamt, summe, insgesamt, alle, "
    "ensemble, tous, somme, total général, suma, todos, todas, totais, soma, 合计, 总计, 总数, 全部, 总和"
)
_CONTROLS: Final = (
    "control, baseline, control group, kontrolle, kontrollgruppe, contrôle, témoin, groupe témoin, "
    "grupo de control, controle, controlo, grupo de controle, 对照, 对照组, 控制组"
)
_COUNTED: Final = re.compile(
    r"(?:#|no|nr|number of|total|unique|anzahl|nombre de|numero de)\s+(?=\S)|(?:#|nombre d['’])(?=\w)"
)
_BRACKETS: Final = re.compile(r"\s*[(\[（][^()\[\]（）]*[)\]）]\s*\Z")
_SIGNS: Final = re.compile(r"[-_\s]+")


def fold(text: str) -> str:
    """A header as it is compared: without case, accents, hyphens, dots and outer punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", bare.replace(".", "")).strip(" :：*")


def _phrases(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(fold, words.split(","))))


class ResultWords(Record, frozen=True, kw_only=True):
    """All words by which result tables are read, folded."""

    columns: Mapping[str, Column]
    totals: frozenset[str]
    controls: tuple[str, ...]
    """Variants that are the control where nothing else is said, the surest first."""

    def column(self, header: str) -> Column | None:
        """The kind of the column with this header; None for one that is not known."""
        folded = fold(header)
        for form in (folded, _BRACKETS.sub("", folded)):
            found = self.columns.get(form) or self.columns.get(_COUNTED.sub("", form, count=1))
            if found is not None:
                return found
        return None

    def is_total(self, name: str) -> bool:
        """True for the name of a row that adds up the others."""
        return fold(name) in self.totals

    def named_control(self, names: tuple[str, ...]) -> str:
        """The variant whose name says that it is the control; empty where none does."""
        folded = {fold(name): name for name in reversed(names)}
        return next((folded[word] for word in self.controls if word in folded), "")


def result_words(own: Mapping[str, tuple[str, ...]] | None = None) -> ResultWords:
    """The built-in words, with a team's own ones over them: by column, `total` and `control`."""
    return _result_words(tuple(sorted((own or {}).items())))


@lru_cache(maxsize=4)
def _result_words(own: tuple[tuple[str, tuple[str, ...]], ...]) -> ResultWords:
    columns: dict[str, Column] = {}
    for kind, words in _WORDS.items():
        for word in _phrases(words):
            columns.setdefault(word, kind)
    further = dict(own)
    for kind in _WORDS:
        columns.update(dict.fromkeys(map(fold, further.get(kind, ())), kind))
    return ResultWords(
        columns=columns,
        totals=frozenset((*_phrases(_TOTALS), *map(fold, further.get("total", ())))),
        controls=(*map(fold, further.get("control", ())), *_phrases(_CONTROLS)),
    )
