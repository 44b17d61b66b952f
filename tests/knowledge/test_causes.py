"""``causes.yaml``: what its linter says."""

from pathlib import Path

from advisor.knowledge.checks import check
from advisor.knowledge.files import bundled

BUNDLED = (bundled() / "causes.yaml").read_text()


def mistakes(text: str) -> list[str]:
    """The mistakes of a causes file, as printed."""
    return [
        str(one)
        for one in check([(Path("rules/causes.yaml"), text.encode())], "causes", Path("rules"))[1]
    ]


def test_the_bundled_file_is_fine() -> None:
    """It has none."""
    assert mistakes(BUNDLED) == []


def test_a_file_that_lacks_a_class_is_a_mistake() -> None:
    """The bundled messages would name a class that nobody explains."""
    without = BUNDLED.replace("\ndns:", "\ndnss:", 1)
    assert any("the class “dns” is missing" in one for one in mistakes(without))


def test_what_to_enter_is_one_of_few() -> None:
    """TLS from the first byte or STARTTLS; nothing that switches encryption off."""
    bad = BUNDLED.replace("enter: {security: [tls, starttls]}", "enter: {security: [none]}", 1)
    assert any("expected tls or starttls" in one for one in mistakes(bad))
