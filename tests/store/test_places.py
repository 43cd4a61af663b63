from __future__ import annotations

import platformdirs
import pytest
from shared_material import ROOT

from graphkit.store.places import places_for, vault_key


@pytest.mark.parametrize("base", ["", "  ", "/somewhere/else"])
def test_without_variables_of_its_own_the_places_are_the_platforms(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("XDG_CACHE_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(variable, base)
    places = places_for(ROOT, {})
    key = vault_key(ROOT)
    assert places.cache == platformdirs.user_cache_path("graphkit", appauthor=False) / key
    assert places.state == platformdirs.user_state_path("graphkit", appauthor=False) / key


def test_variables_name_other_places(tmp_path: object) -> None:
    places = places_for(ROOT, {"GRAPHKIT_CACHE_DIR": f"{tmp_path}/c", "GRAPHKIT_STATE_DIR": f"{tmp_path}/s"})
    assert (str(places.cache.parent), str(places.state.parent)) == (f"{tmp_path}/c", f"{tmp_path}/s")
