"""The main window as a person uses it: things are found by the words on them, and really clicked.

What is not there, is covered or is switched off cannot be clicked or typed into.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from .marionette import ELEMENT, Marionette, MarionetteError

SECONDS = 20.0
POLL_SECONDS = 0.1
MENU = "≡"

# Everything that is on the screen: of the set-up window where it is open, else of the open menu,
# else of the main window; into the components too, of which the set-up window is made.
SEEN = """
const isSeen = one => {
  const box = one.getBoundingClientRect();
  return box.width && box.height && one.checkVisibility({visibilityProperty: true});
};
const inside = one => one.shadowRoot ? one.shadowRoot.children
  : one.localName == "slot" && one.assignedElements().length ? one.assignedElements()
  : one.children;
function* below(top) {
  for (const one of inside(top)) {
    yield one;
    yield* below(one);
  }
}
const hub = document.querySelector("account-hub-container");
const menu = document.querySelector("#appMenu-popup[panelopen] panelview[visible]");
const top = hub?.modal?.open ? hub : menu || document.documentElement;
const seen = [...below(top)].filter(isSeen);
const words = one => (one.getAttribute("label") || one.textContent).trim().replace(/:$/, "");
"""
BUTTON = (
    SEEN
    + """
const [text] = arguments;
return seen.find(one => ["button", "toolbarbutton"].includes(one.localName) && words(one) == text);
"""
)
BOX = (
    SEEN
    + """
const [text] = arguments;
return seen.find(one => one.localName == "label" && words(one) == text)?.control;
"""
)
CHOICE = """
const [list, text] = arguments;
return [...list.options].find(one => !one.hidden && one.label == text);
"""
CHOICES = "return [...arguments[0].options].filter(one => !one.hidden).map(one => one.label);"
CLOSE = SEEN + """return seen.find(one => one.id == "closeButton");"""
WORDS = (
    SEEN
    + """
const own = one => [...one.childNodes].filter(child => child.nodeType == 3)
  .map(child => child.data.trim()).join("");
return seen.map(one => one.getAttribute("label") || own(one)).filter(text => text);
"""
)


class Window:
    """The main window of the program at the other end of *control*."""

    def __init__(self, control: Marionette) -> None:
        self._control = control

    def words(self) -> list[str]:
        """All that can be read, in its order."""
        found: list[str] = self._control.run(WORDS)
        return found

    def shows(self, text: str) -> bool:
        """Can *text* be read?"""
        return text in self.words()

    def press(self, text: str) -> None:
        """Click the button, or the entry of the menu, that says *text*."""
        self._click(self._wait(lambda: self._find(BUTTON, text), text))

    def close_set_up(self) -> None:
        """Give up setting up an account."""
        self._click(self._wait(lambda: self._find(CLOSE), "×"))

    def open_menu(self) -> None:
        """Click ≡."""
        self._click(self._control.run("return document.getElementById('button-appmenu')"))

    def has_button(self, text: str) -> bool:
        """Is there a button that says *text*?"""
        return self._find(BUTTON, text) is not None

    def fill(self, label: str, value: str) -> None:
        """Type *value* into the box that *label* belongs to, or choose it where that is a list."""
        box = self._wait(lambda: self._find(BOX, label), label)
        if self._control.ask("WebDriver:GetElementTagName", id=box[ELEMENT]) == "select":
            self._click(self._wait(lambda: self._find(CHOICE, box, value), value))
        else:
            self._control.ask("WebDriver:ElementClear", id=box[ELEMENT])
            self._control.ask("WebDriver:ElementSendKeys", id=box[ELEMENT], text=value)

    def value(self, label: str) -> str:
        """What is in the box that *label* belongs to."""
        box = self._wait(lambda: self._find(BOX, label), label)
        return str(self._control.run("return arguments[0].value", box))

    def choices(self, label: str) -> list[str]:
        """Everything that can be chosen from the list that *label* belongs to."""
        box = self._wait(lambda: self._find(BOX, label), label)
        found: list[str] = self._control.run(CHOICES, box)
        return found

    def wait_for(self, *texts: str) -> str:
        """The first of *texts* that can be read."""
        return str(self._wait(lambda: self._first(texts), " or ".join(texts)))

    def _first(self, texts: tuple[str, ...]) -> str | None:
        words = self.words()
        return next((text for text in texts if text in words), None)

    def _find(self, script: str, *arguments: Any) -> Any:
        return self._control.run(script, *arguments)

    def _click(self, element: Any) -> None:
        """Click as soon as nothing covers it."""
        deadline = time.monotonic() + SECONDS
        while True:
            try:
                self._control.ask("WebDriver:ElementClick", id=element[ELEMENT])
            except MarionetteError as error:
                if "not interactable" not in str(error) and "obscures" not in str(error):
                    raise
                if time.monotonic() > deadline:
                    raise
                time.sleep(POLL_SECONDS)
            else:
                return

    def _wait(self, look: Callable[[], Any], what: str) -> Any:
        """What *look* finds at last."""
        deadline = time.monotonic() + SECONDS
        while not (found := look()):
            if time.monotonic() > deadline:
                shown = "\n  ".join(self.words())
                raise AssertionError(f"the window does not show {what!r}, but\n  {shown}")
            time.sleep(POLL_SECONDS)
        return found
