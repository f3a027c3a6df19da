"""What everybody's files get without asking: docs/formats/rules.md."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pyvcs.merge.builtin_rules import NAMES, builtin_rules
from pyvcs.merge.driver import MergedFile, merge_file
from pyvcs.merge.json_text import merge_json_text
from pyvcs.merge.json_value import ABSENT
from pyvcs.merge.markers import Labels
from pyvcs.merge.path_rules import ENDINGS, rules_for
from pyvcs.merge.result import ConflictKind
from pyvcs.merge.rules import BUILTIN
from pyvcs.merge.rules_file import read_rules

RULES = {
    "package-versions": b"package.json",
    "package-manifests": b"composer.json",
    "lock-files": b"deep/composer.lock",
    "locale-files": b"src/locales/en/app.json",
    "notebooks": b"a.ipynb",
    "openapi": b"v1-swagger.json",
    "geojson": b"a.geojson",
}

LABELS = Labels("base", "ours", "theirs")


def merged_file(path: bytes, base: Any, ours: Any, theirs: Any) -> MergedFile:
    """The merge, which must not depend on the order of the sides."""
    texts = [json.dumps(value, indent=2).encode() for value in (base, ours, theirs)]
    merged = merge_file(path, base=texts[0], ours=texts[1], theirs=texts[2], labels=LABELS)
    mirrored = merge_file(path, base=texts[0], ours=texts[2], theirs=texts[1], labels=LABELS)
    assert merged.content == mirrored.content
    assert len(merged.conflicts) == len(mirrored.conflicts)
    return merged


def value_of(merged: MergedFile) -> Any:
    """The merged value of a clean merge."""
    assert merged.is_clean
    return json.loads(merged.content)


@pytest.mark.parametrize(
    ("base", "ours", "theirs", "added"),
    [
        pytest.param(
            {"php": "^8.1", "we/log": "^1.0"},
            {"php": "^8.1", "we/log": "^2.0"},
            {"php": "^8.1", "we/log": "^1.0", "we/mail": "^1.0"},
            "^2.0",
            id="one package of the scope",
        ),
        pytest.param(
            {"@we/log": "1.0.0", "left": "1.0.0"},
            {"@we/log": "1.1.0", "left": "1.0.0"},
            {"@we/log": "1.0.0", "@we/mail": "1.0.0", "left": "1.0.0"},
            "1.1.0",
            id="others keep that version",
        ),
        pytest.param(
            {"@we/log": "1.0.0", "@we/old": "1.0.0"},
            {"@we/log": "1.1.0", "@we/old": "1.0.0"},
            {"@we/log": "1.0.0", "@we/mail": "1.0.0", "@we/old": "1.0.0"},
            "1.0.0",
            id="not all of the scope",
        ),
        pytest.param(
            {"@we/log": "1.0.0"},
            {"@we/log": "1.1.0"},
            {"@we/log": "1.0.0", "@they/mail": "1.0.0"},
            "1.0.0",
            id="of another scope",
        ),
    ],
)
def test_what_joins_a_scope_is_raised_with_it(
    base: dict[str, str], ours: dict[str, str], theirs: dict[str, str], added: str
) -> None:
    sides = ({"require": each} for each in (base, ours, theirs))
    new = ({*theirs} - {*base}).pop()
    assert value_of(merged_file(b"composer.json", *sides))["require"][new] == added


def test_an_entry_of_a_lock_file_is_one_value() -> None:
    """Else the version of one side could stand beside the hash of the other."""

    def lock(number: str) -> Any:
        entry = {
            "version": number,
            "resolved": f"https://r/x-{number}.tgz",
            "integrity": f"h{number}",
        }
        return {"name": "we", "packages": {"": {"name": "we"}, "node_modules/x": entry}}

    merged = merged_file(b"package-lock.json", lock("1.0.0"), lock("1.1.0"), lock("2.0.0"))
    assert [each.pointer for each in merged.conflicts] == ["/packages/node_modules~1x"]
    assert json.loads(merged.content) == lock("2.0.0")
    plain = merged_file(b"other.json", lock("1.0.0"), lock("1.1.0"), lock("2.0.0"))
    assert len(plain.conflicts) == 3


def entry(number: str, via: str = "https", **more: Any) -> Any:
    """What a lock file says of a package."""
    return {"version": number, "resolved": f"{via}://r/x-{number}", "integrity": number, **more}


@pytest.mark.parametrize("place", ["packages", "dependencies"])
def test_what_was_said_of_a_version_is_void_when_the_other_side_changed_it(place: str) -> None:
    merged = merged_file(
        b"package-lock.json",
        {place: {"node_modules/x": entry("1.0.0", "http", requires={"y": "^1"}, dev=True)}},
        {place: {"node_modules/x": entry("1.0.0", requires={"y": "1.2"})}},  # and no longer dev
        {place: {"node_modules/x": entry("2.0.0", requires={"y": "^2"}, dev=True)}},
    )
    assert value_of(merged) == {place: {"node_modules/x": entry("2.0.0", requires={"y": "^2"})}}
    assert [(each.rule, each.pointer) for each in merged.settled] == [
        ("follows-version", f"/{place}/node_modules~1x")
    ]


def test_what_the_new_version_does_not_say_anew_merges_by_members() -> None:
    """Which of these members a file has depends on the program that wrote it, too."""
    merged = merged_file(
        b"package-lock.json",
        {"packages": {"node_modules/x": entry("1.0.0", libc=["musl"])}},
        {"packages": {"node_modules/x": entry("1.0.0", license="MIT")}},
        {"packages": {"node_modules/x": entry("2.0.0", libc=["musl"])}},
    )
    assert value_of(merged) == {"packages": {"node_modules/x": entry("2.0.0", license="MIT")}}


def test_a_hash_never_comes_to_another_version() -> None:
    base = {"version": "1.0.0", "resolved": "r1"}
    sides = base, {**base, "integrity": "h1"}, {"version": "2.0.0", "resolved": "r2"}
    merged = merged_file(b"package-lock.json", *({"packages": {"x": each}} for each in sides))
    assert value_of(merged) == {"packages": {"x": sides[2]}}


def test_what_was_removed_and_is_said_anew_stays_in_its_place() -> None:
    old = {"version": "1.0.0", "resolved": "r1", "integrity": "h1", "license": "MIT"}
    new = {"version": "2.0.0", "resolved": "r2", "integrity": "h2", "license": "MIT"}
    without = {key: old[key] for key in ("version", "integrity", "license")}
    sides = ({"packages": {"x": each}} for each in (old, {**without, "dev": True}, new))
    found = value_of(merged_file(b"package-lock.json", *sides))["packages"]["x"]
    assert list(found.items()) == list({**new, "dev": True}.items())


@pytest.mark.parametrize("unknown", ["requires", "requires/y", "resolved", "license"])
def test_what_nobody_knows_of_the_old_version_is_as_the_new_one_has_it(unknown: str) -> None:
    """A merge of which base is a merge in conflict."""
    old = entry("1.0.0", requires={"y": "^1"}, license="MIT")
    new = entry("2.0.0", requires={"y": "^2"}, license="ISC")
    sides = [{"packages": {"x": each}} for each in (old, new, {**old, "requires": {"y": "1.2"}})]
    rules = rules_for(BUILTIN, b"package-lock.json")
    for ours, theirs in (sides[1:], sides[:0:-1]):
        merged = merge_json_text(
            base=json.dumps(sides[0]).encode(),
            ours=json.dumps(ours).encode(),
            theirs=json.dumps(theirs).encode(),
            unknown=[f"/packages/x/{unknown}"],
            rules=rules,
        )
        assert merged.is_clean
        assert json.loads(merged.content) == sides[1]


def test_packages_inside_an_entry_merge_for_themselves() -> None:
    def lock(x: str, via: str, y: str) -> Any:
        return {"dependencies": {"x": entry(x, via, dependencies={"y": entry(y)})}}

    sides = lock("1.0.0", "http", "1.0.0"), lock("1.0.0", "https", "1.1.0")
    merged = merged_file(b"package-lock.json", *sides, lock("2.0.0", "https", "1.0.0"))
    assert value_of(merged) == lock("2.0.0", "https", "1.1.0")


def test_a_version_that_both_sides_changed_is_in_conflict_whole() -> None:
    sides = ([{"name": "x", **entry(number)}] for number in ("1.0.0", "1.1.0", "1.2.0"))
    merged = merged_file(b"composer.lock", *({"packages": each} for each in sides))
    assert [each.pointer for each in merged.conflicts] == ["/packages/0"]


def test_a_package_of_the_project_itself_merges_by_members_in_the_lock_file() -> None:
    def lock(number: str, **dependencies: str) -> Any:
        return {"packages": {"packages/ours": {"version": number, "dependencies": dependencies}}}

    sides = lock("1.0.0", x="1"), lock("1.1.0", x="1"), lock("1.0.0", x="1", y="1")
    assert value_of(merged_file(b"package-lock.json", *sides)) == lock("1.1.0", x="1", y="1")


def test_an_entry_keeps_its_order_of_members() -> None:
    base, ours = entry("1.0.0", "http", dev=True), entry("1.0.0", dev=True)
    theirs = entry("2.0.0", dev=True)
    merged = merged_file(
        b"package-lock.json", *({"packages": {"x": each}} for each in (base, ours, theirs))
    )
    assert list(value_of(merged)["packages"]["x"]) == list(theirs)


def test_the_entry_of_the_package_itself_merges_by_members() -> None:
    def lock(**dependencies: str) -> Any:
        return {"packages": {"": {"dependencies": dependencies}}}

    merged = merged_file(b"a/package-lock.json", lock(x="1"), lock(x="1", y="1"), lock(x="2"))
    assert value_of(merged) == lock(x="2", y="1")


def cells(*sources: str, **more: Any) -> Any:
    """A notebook of cells without ids."""
    return {
        "cells": [
            {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": []}
            | {"source": source.splitlines(keepends=True)}
            | more
            for source in sources
        ],
        "nbformat": 4,
    }


LONG = "total = 0\nfor item in items:\n    total += item\nprint(total)"


def test_cells_without_ids_are_recognized_by_their_source() -> None:
    merged = merged_file(
        b"a.ipynb",
        cells("import x", LONG, "plot(a)", "plot(b)"),
        cells("import x", "new = 1", LONG.replace("item", "each"), "plot(a)"),
        cells("plot(a)", "import x", "# a sum\n" + LONG, "plot(b)", "last = 2"),
    )
    found = ["".join(cell["source"]) for cell in value_of(merged)["cells"]]
    edited = "# a sum\n" + LONG.replace("item", "each")
    assert found == ["plot(a)", "import x", "new = 1", edited, "last = 2"]


def test_a_cell_that_was_run_and_edited_is_one_cell() -> None:
    base, ours, theirs = cells("a = 1", LONG), cells("a = 1", LONG), cells("a = 1", LONG)
    ours["cells"][1] |= {"execution_count": 7, "outputs": [{"text": "9"}]}
    theirs["cells"][1] |= {"execution_count": 3, "outputs": [{"text": "12"}]}
    theirs["cells"][1]["source"] = [*LONG.splitlines(keepends=True)[:-1], "print('sum', total)"]
    cell = value_of(merged_file(b"a.ipynb", base, ours, theirs))["cells"][1]
    assert cell["source"] == theirs["cells"][1]["source"]
    assert (cell["execution_count"], cell["outputs"]) == (7, [{"text": "12"}])


def test_a_cell_that_was_run_is_not_one_that_was_cleared() -> None:
    """What was run comes with its count: outputs of a run without one are of no run at all."""
    base, cleared, ran = cells("a = 1", LONG), cells("a = 1", LONG), cells("a = 1", LONG)
    base["cells"][1] |= {"execution_count": 3, "outputs": [{"text": "9"}]}
    ran["cells"][1] |= {"execution_count": 7, "outputs": [{"text": "12"}]}
    merged = merged_file(b"a.ipynb", base, cleared, ran)
    assert value_of(merged) == ran
    assert not merged.conflicts
    assert merged_file(b"a.ipynb", base, ran, cleared).content == merged.content


def test_a_deleted_cell_that_was_only_run_again_is_gone() -> None:
    base, ran = cells("a = 1", LONG), cells("a = 1", LONG)
    ran["cells"][1] |= {"execution_count": 7, "outputs": [{"text": "9"}]}
    ran["cells"][1]["metadata"] = {"scrolled": True}
    merged = merged_file(b"a.ipynb", base, cells("a = 1"), ran)
    assert value_of(merged) == cells("a = 1")
    assert [(each.rule, each.result) for each in merged.settled] == [("remade", ABSENT)]
    ran["cells"][1]["source"] = ["total = 1\n", *ran["cells"][1]["source"][1:]]
    edited = merged_file(b"a.ipynb", base, cells("a = 1"), ran)
    assert [each.kind for each in edited.conflicts] == [ConflictKind.VALUE_DELETE]


def test_the_same_cell_added_on_both_sides_is_there_once() -> None:
    merged = merged_file(b"a.ipynb", cells("a = 1"), cells("a = 1", LONG), cells("a = 1", LONG))
    assert value_of(merged) == cells("a = 1", LONG)


def test_sources_merge_by_line_and_conflict_by_line() -> None:
    merged = merged_file(
        b"a.ipynb",
        cells(LONG),
        cells(LONG.replace("total)", "total, 1)")),
        cells(LONG.replace("total)", "total, 2)")),
    )
    assert [each.pointer for each in merged.conflicts] == ["/cells/0/source/3"]


def test_translators_of_a_locale_file_are_a_set() -> None:
    def locale(authors: list[str], updated: str, **texts: str) -> Any:
        return {"@metadata": {"authors": authors, "last-updated": updated}, **texts}

    merged = merged_file(
        b"app/i18n/de.json",
        locale(["Ada"], "2024-01-01", yes="ja"),
        locale(["Ada", "Cleo"], "2024-03-01", yes="ja", no="nein"),
        locale(["Ada", "Bob"], "2024-02-01", yes="Ja"),
    )
    value = value_of(merged)
    assert value == locale(["Ada", "Bob", "Cleo"], "2024-03-01", yes="Ja", no="nein")


def test_parameters_of_an_operation_are_told_apart_by_place_and_name() -> None:
    def api(*parameters: dict[str, Any], required: tuple[str, ...], number: str) -> Any:
        get = {"parameters": list(parameters), "tags": ["pets"]}
        schema = {"required": list(required), "type": "object"}
        return {
            "openapi": "3.1.0",
            "info": {"version": number},
            "paths": {"/pets/{id}": {"get": get}},
            "components": {"schemas": {"Pet": schema}},
        }

    in_path, in_query = {"in": "path", "name": "id"}, {"in": "query", "name": "id"}
    merged = merged_file(
        b"pets.openapi.json",
        api(in_path, in_query, required=("id", "name"), number="1.0.0"),
        api(in_path | {"required": True}, in_query, required=("id", "name", "tag"), number="1.1.0"),
        api(
            in_query | {"deprecated": True}, in_path, required=("id", "name", "age"), number="2.0.0"
        ),
    )
    assert value_of(merged) == api(
        in_query | {"deprecated": True},
        in_path | {"required": True},
        required=("id", "name", "tag", "age"),
        number="2.0.0",
    )


def test_two_shapes_of_a_feature_are_a_conflict_and_its_properties_merge() -> None:
    def feature(shape: list[list[int]], **properties: Any) -> Any:
        geometry = {"type": "LineString", "coordinates": shape}
        return {"type": "Feature", "properties": {"id": "a", **properties}, "geometry": geometry}

    def features(*found: Any) -> Any:
        return {"type": "FeatureCollection", "features": list(found)}

    other = feature([[9, 9], [8, 8]]) | {"properties": {"id": "b"}}
    merged = merged_file(
        b"map.geojson",
        features(feature([[0, 0], [1, 1], [2, 2]]), other),
        features(other, feature([[0, 5], [1, 1], [2, 2]], name="A")),
        features(feature([[0, 0], [1, 1], [2, 7]], year=2020), other),
    )
    assert [each.pointer for each in merged.conflicts] == ["/features/1/geometry/coordinates"]
    found = json.loads(merged.content)["features"][1]
    assert found["properties"] == {"id": "a", "name": "A", "year": 2020}
    assert found["geometry"]["coordinates"] in ([[0, 5], [1, 1], [2, 2]], [[0, 0], [1, 1], [2, 7]])


def test_a_feature_is_reviewed_whose_shape_and_properties_two_sides_changed_on_one_line() -> None:
    base = {"properties": {"name": "Bay"}, "geometry": {"coordinates": [1, 2]}}
    moved = {**base, "geometry": {"coordinates": [1, 3]}}
    named = {**base, "properties": {"name": "The Bay"}}
    old, ours, theirs = (json.dumps(value).encode() for value in (base, moved, named))
    merged = merge_file(b"bay.geojson", base=old, ours=ours, theirs=theirs, labels=LABELS)
    assert [(str(each.kind), each.pointer) for each in merged.conflicts] == [("review", "")]
    assert json.loads(merged.content) == {**named, "geometry": moved["geometry"]}


def test_features_that_lines_keep_apart_are_merged_as_git_merges_them() -> None:
    base = {"properties": {"name": "Bay"}, "geometry": {"type": "Point", "coordinates": [1, 2]}}
    moved = {**base, "geometry": {"type": "Point", "coordinates": [1, 3]}}
    named = {**base, "properties": {"name": "The Bay"}}
    merged = merged_file(b"bay.geojson", base, moved, named)
    assert value_of(merged) == {**named, "geometry": moved["geometry"]}


@pytest.mark.parametrize("name", RULES)
def test_each_rule_can_be_switched_off(name: str) -> None:
    rules = read_rules(f"version = 1\n[builtin]\n{name} = false\n".encode())
    path = RULES[name]
    assert rules_for(rules, path).places != rules_for(BUILTIN, path).places


def test_the_document_names_every_rule() -> None:
    text = Path(__file__).parents[2].joinpath("docs", "formats", "rules.md").read_text("utf-8")
    named = re.findall(
        r"^\| `([a-z-]+)` \| .*$", text.partition("## Built-in rules")[2], re.MULTILINE
    )
    assert {*RULES} == {rule.name for path in RULES.values() for rule in builtin_rules(path)}
    assert [*named] == [*NAMES]
    assert {*NAMES} == {*RULES}


def test_names_that_no_rule_is_for_end_otherwise() -> None:
    text = Path(__file__).parents[2].joinpath("docs", "formats", "rules.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `[a-z-]+` \| ([^|]*) \|", text.partition("## Built-in rules")[2], re.MULTILINE
    )
    names = [name for row in rows for name in re.findall(r"`([^`/]*\.[a-z]+)`", row)]
    assert len(names) > 20
    assert all(name.lower().encode().endswith(ENDINGS) for name in names)
