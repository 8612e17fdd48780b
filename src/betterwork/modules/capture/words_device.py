"""Words of the app: the frame, the pass phrase, the visits on the device, settings, help."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

DEVICE: Final[dict[str, Any]] = {
    # The frame
    "frame.name": _("Better Work"),
    "frame.menu": _("Menu"),
    "frame.skip": _("Skip to the content"),
    "simulated.notice": _("Notice"),
    "simulated.word": _("SIMULATED"),
    "simulated.note": _("No factory and no person here is real."),
    "menu.home": _("Overview"),
    "menu.list": _("What is missing"),
    "menu.conflicts": _("To decide"),
    "menu.interviews": _("Interviews"),
    "menu.visit": _("How the visit went"),
    "menu.files": _("Photos and documents"),
    "menu.send": _("Send"),
    "menu.captures": _("Your visits"),
    "menu.settings": _("Languages and pass phrase"),
    "menu.help": _("Help"),
    "menu.lock": _("Lock now"),
    "state.online": _("Online"),
    "state.offline": _("Offline"),
    "state.typing": _("Not saved yet"),
    "state.saving": _("Saving"),
    "state.saved": _("Saved on this device"),
    "state.sent": _("Saved and sent"),
    "state.all-sent": _("All sent"),
    "state.waiting": _("Waiting to be sent: {count}"),
    "state.sending": _("Sending: {count}"),
    "state.held": _("Interviews, until tomorrow: {count}"),
    "state.concerns": _("Concerns not sent yet: {count}"),
    "state.refused": _("Refused: {count}"),
    "state.sign-in": _("Sign in to send"),
    "state.problem": _("Look at Send"),
    "ask.close": _("Close"),
    "field.optional": _("(optional)"),
    "choice.clear": _("Clear the answer"),
    "word.yes": _("Yes"),
    "word.no": _("No"),
    "who.you": _("You"),
    "who.colleague": _("Your colleague"),
    "value.cleared": _("Nothing: the answer was cleared"),
    "unit.workers": _("workers"),
    "unit.kilobytes": _("{number} kB"),
    "unit.megabytes": _("{number} MB"),
    "unit.gigabytes": _("{number} GB"),
    "wrong.whole": _("Write a whole number."),
    "wrong.number": _("Write a number."),
    "wrong.between": _("From {least} to {most}."),
    "wrong.least": _("{least} or more."),
    "wrong.most": _("{most} or less."),
    "wrong.kept": _("Not saved yet. What you typed stays here until you put it right."),
    "value-refused.wrong-kind": _("This cannot stand here."),
    "value-refused.unknown-choice": _("This is none of the choices."),
    "value-refused.out-of-bounds": _("This is outside what can be right."),
    "value-refused.too-long": _("This is too long. Write less, or add a document."),
    "value-refused.control-character": _("There is a character in it that cannot be shown. Write it again by hand."),
    "done.title": _("Done"),
    "done.on": _("Go on"),
    # The pass phrase
    "secret.show": _("Show what I write"),
    "secret.hide": _("Hide what I write"),
    "create.title": _("Make a pass phrase for this device"),
    "create.lead": _(
        "Everything you take and write here is locked with it. A device that is lost or taken shows nothing."
    ),
    "create.nobody": _("Nobody can recover it."),
    "create.nobody-more": _(
        "It is kept nowhere, and nobody can reset it. If you forget it, what was not sent yet is lost."
    ),
    "create.first": _("Pass phrase"),
    "create.first-help": _(
        "Several words that you will remember, at least {least} characters. Not one you use elsewhere."
    ),
    "create.again": _("The same once more"),
    "create.browser": _("If the browser offers to keep it, say no."),
    "create.make": _("Make it"),
    "create.short": _("Use at least {least} characters."),
    "create.differ": _("The two are not the same. Write them again."),
    "unlock.title": _("Locked"),
    "unlock.lead": _("What you wrote is saved on this device. Say your pass phrase to go on."),
    "unlock.phrase": _("Pass phrase of this device"),
    "unlock.open": _("Unlock"),
    "unlock.opening": _("Opening …"),
    "unlock.wrong": _("That is not the pass phrase. Nothing is lost: try again."),
    "unlock.wait": _("Too many wrong attempts. You can try again in {seconds} seconds."),
    "unlock.forgot": _("I forgot it"),
    "forgot.lead": _(
        "Nobody can recover a pass phrase. What was sent is safe on the server: begin again here and take the visit "
        "anew."
    ),
    "phrase.title": _("Change the pass phrase"),
    "phrase.old": _("Pass phrase until now"),
    "phrase.next": _("New pass phrase"),
    "phrase.do": _("Change it"),
    "phrase.done": _("The pass phrase is changed. Files you saved before still open with the old one."),
    "other-tab.title": _("Open in another tab"),
    "other-tab.lead": _("The app works in one tab or window at a time, so that nothing is written twice."),
    "other-tab.here": _("Use it here"),
    "not-supported.title": _("This browser cannot hold the app"),
    "not-supported.lead": _(
        "It lacks what is needed to lock what you write. Update it, or use a current Firefox, Chrome, Edge or "
        "Safari, not in a private window."
    ),
    "sign-in.lead": _("You are signed out. What you write is saved here all the same. Sign in to send it."),
    "sign-in.do": _("Sign in"),
    # The visits on the device
    "captures.title": _("Your visits"),
    "captures.lead": _("What is on this device, and what you can take onto it."),
    "captures.here": _("On this device"),
    "captures.last-sent": _("everything sent on {day}"),
    "captures.handed-over": _("Handed over"),
    "captures.gone": _("Not on the server"),
    "captures.space": _("Room left on this device: {size}."),
    "captures.space-little": _("That is little: photos need room. Remove other things from the device."),
    "visit-kind.assessment": _("Assessment"),
    "visit-kind.advice": _("Advice"),
    "visit-kind.training": _("Training"),
    "visit-kind.inspection": _("Inspection"),
    "take.title": _("Visits you can take along"),
    "take.offline": _("Without a network no visit can be taken. What is on this device works."),
    "take.looking": _("Looking …"),
    "take.none": _("No visit is waiting for you. A visit appears here when you are in its team."),
    "take.here": _("On this device"),
    "take.take": _("Take along"),
    "take.take-of": _("Take along: {factory}"),
    "take.take-now": _("Take along now"),
    "take.again": _("Take again, for another language"),
    "take.languages": _("Languages of the questions"),
    "take.what": _(
        "The questions, what was found last time and what is still to be done come onto this device, locked."
    ),
    "take.busy": _("Taking it along …"),
    "take.step": _("Step {step} of {of}:"),
    "take.asking": _("asking the server"),
    "take.fetching": _("{size} have come"),
    "take.storing": _("locking it in on this device"),
    "import.title": _("Bring in a file"),
    "import.lead": _("A file saved by this app on another device, to go on here or to send from here."),
    "import.choose": _("Choose the file"),
    "import.phrase": _("Pass phrase of the device that saved it"),
    "import.bring": _("Bring it in"),
    "before.title": _("Before a week without a network"),
    "before.short": _("Eight things to do while you still have one."),
    "before.open": _("What to do before you leave"),
    "before.lead": _("Do these while you still have a network. Then the app needs none."),
    "before.take": _("Take the visit along, in each language you will need."),
    "before.open-once": _("Open a question in each language, and see that you can read it."),
    "before.keep": _("Let the browser keep what is stored: add the app to the home screen."),
    "before.phrase": _("Lock and unlock once. You know your pass phrase."),
    "before.second": _("Your colleague takes the visit along on another device."),
    "before.export": _("On each evening, save the encrypted file and keep it on another device or a stick."),
    "before.concern": _(
        "Know whom to call if somebody is in danger: a concern raised here leaves only with a network."
    ),
    "before.charge": _("Charge the device, and take a power bank."),
    "before.done": _("Done"),
    "before.not-persisted": _(
        "The browser may clear what is stored when the device runs full. Add the app to the home screen, and send "
        "often."
    ),
    # Settings and help
    "settings.title": _("Languages and pass phrase"),
    "settings.lead": _("For this device alone."),
    "settings.language": _("Language of the app"),
    "settings.language-away": _("This language is not on the device yet. Choose it once with a network."),
    "settings.first": _("Language of the questions"),
    "settings.second": _("Second language beside it"),
    "settings.no-second": _("None"),
    "settings.more-languages": _("Another language? Take the visit again, under Your visits. What you wrote stays."),
    "settings.device": _("This device"),
    "settings.lock": _("It locks by itself after {minutes} minutes in which nobody touches it."),
    "help.title": _("Help"),
    "help.lead": _("What to know when nobody can be asked."),
    "help.saved": _("Is what I wrote safe?"),
    "help.saved-1": _(
        "At the top stands what is true now. “Saved on this device”: it survives an empty battery. “Saved and sent”: "
        "the server has it too."
    ),
    "help.saved-2": _(
        "With a network everything is sent by itself. Without one it waits, as long as it takes, and nothing is lost."
    ),
    "help.two": _("What if two of us write the same?"),
    "help.two-1": _(
        "Different answers, notes and photos come together by themselves. Where both of you wrote the same answer "
        "differently, both stand under To decide until one of you chooses. The later one never wins by itself."
    ),
    "help.interviews": _("Who reads the interviews?"),
    "help.interviews-1": _(
        "The advisors of this visit, nobody else. Others read the notes that you write beside your findings: write "
        "those so that nobody can tell who spoke."
    ),
    "help.lost": _("What if the device is lost?"),
    "help.lost-1": _(
        "Nobody can read it without the pass phrase while it is locked. Tell your manager at once. What was sent is "
        "on the server, and the rest is in the file you saved last."
    ),
    # Keys
    "keys.title": _("Keys"),
    "keys.next": _("Next question"),
    "keys.previous": _("Previous question"),
    "keys.determination": _("Compliant, not compliant, does not apply, not assessed"),
    "keys.note": _("Write what you saw"),
    "keys.photo": _("Take a photo"),
    "keys.later": _("Come back to this"),
    "keys.concern": _("Raise a concern"),
    "keys.search": _("Search"),
    "keys.help": _("These keys"),
    "keys.leave": _("Leave a box, close a window"),
    "keys.on": _("Use these keys"),
}
"""Key → text."""
