"""What `enum` makes, without it: the same members, and nothing of it loaded."""

from __future__ import annotations

import copy
import enum
import pickle
from typing import Any

import pytest

from pyvcs.objects import enumerated
from pyvcs.objects.kind import Kind, Mode


def defined(module: Any) -> Any:
    """One enumeration by the base of a module: that of pyvcs, or that of `enum`."""

    class Fruit(module.Enum):  # type: ignore[misc]
        """Something sweet."""

        APPLE = "a"
        LATE_PEAR = "p"

        @property
        def word(self) -> str:
            return str(self.name).lower()

    return Fruit


BOTH = [pytest.param(defined(module), id=module.__name__) for module in (enumerated, enum)]


@pytest.mark.parametrize("fruit", BOTH)
def test_members_are_found_by_name_by_value_and_in_their_order(fruit: Any) -> None:
    apple, pear = fruit
    assert (fruit.APPLE, fruit["LATE_PEAR"], fruit("p"), fruit(apple)) == (apple, pear, pear, apple)
    assert [(each.name, each.value) for each in fruit] == [("APPLE", "a"), ("LATE_PEAR", "p")]
    assert len(fruit) == 2
    assert dict(fruit.__members__) == {"APPLE": apple, "LATE_PEAR": pear}
    assert pear.word == "late_pear"


@pytest.mark.parametrize("fruit", BOTH)
def test_a_member_is_itself_alone_and_cannot_be_changed(fruit: Any) -> None:
    apple, pear = fruit
    assert apple != pear
    assert apple != "a"
    assert apple in fruit
    assert len({apple, pear, fruit("a")}) == 2
    assert isinstance(apple, fruit)
    assert copy.deepcopy(apple) is copy.copy(apple) is apple
    for name in ("name", "value", "other"):
        with pytest.raises(AttributeError):
            setattr(apple, name, "b") if name != "other" else delattr(apple, "value")


@pytest.mark.parametrize("fruit", BOTH)
def test_its_words_are_those_of_enum(fruit: Any) -> None:
    assert repr(fruit.APPLE).endswith("Fruit.APPLE: 'a'>")
    assert str(fruit.APPLE).endswith("Fruit.APPLE")
    assert fruit.__doc__ == "Something sweet."
    with pytest.raises(ValueError, match=r"'x' is not a valid .*Fruit"):
        fruit("x")
    with pytest.raises(KeyError):
        fruit["PLUM"]


@pytest.mark.parametrize("member", [*Kind, *Mode])
def test_they_are_found_again_by_pickle(member: Any) -> None:
    assert pickle.loads(pickle.dumps(member)) is member
