"""Words of the app: raising a concern, sending, the file, handing over, leaving nothing behind, what goes wrong."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from betterwork.modules.alerts.kinds import TITLES

SENDING: Final[dict[str, Any]] = {
    # A concern
    **{f"concern-kind.{name}": title for name, title in TITLES.items()},
    "concern.short": _("Concern"),
    "concern.raise": _("Raise a concern"),
    "concern.title": _("Raise a concern"),
    "concern.lead": _("For what cannot wait for the report. A suspicion is enough."),
    "concern.who": _(
        "The people whom the country programme has named for this ({country}) are told at once, and they alone read "
        "what you write."
    ),
    "concern.goes-now": _("It leaves this device now, before anything else."),
    "concern.goes-first": _(
        "You are offline: it is saved, and leaves first when a network appears. If somebody is in danger now, call."
    ),
    "concern.kind": _("What is it about?"),
    "concern.certainty": _("How sure are you?"),
    "concern.suspicion": _("I suspect it"),
    "concern.suspicion-note": _("Signs, or somebody said so"),
    "concern.proof": _("I found it"),
    "concern.proof-note": _("I saw it, or papers show it"),
    "concern.words": _("What you know"),
    "concern.words-help": _(
        "What, where, how many, and what must happen now. No names of workers, nothing that tells who spoke."
    ),
    "concern.incomplete": _("Choose what it is about and how sure you are, and write what you know."),
    "concern.raise-now": _("Raise it now"),
    "concern.not-now": _("Not now"),
    "concern.raised": _("The concern is saved and on its way. Those named for it are told at once."),
    "concern.raised-offline": _("The concern is saved. It leaves first when a network appears."),
    "concern.which-visit": _("Which visit does it belong to?"),
    "concern.choose-visit": _("No visit is on this device. Raise it in the console, where the network is needed."),
    "concern.in-console": _("Raise it in the console"),
    "concern.list": _("Concerns raised on this device"),
    "concern.sent": _("Sent"),
    "concern.waits": _("Waiting for a network"),
    "concern.refused": _("Not taken"),
    # Sending
    "send.title": _("Send"),
    "send.short": _("What waits, hand over, the file, leaving nothing behind"),
    "send.online": _("There is a network. Everything is sent by itself."),
    "send.offline": _("There is no network. Everything is saved here and waits."),
    "send.waits": _("What waits to be sent"),
    "send.changes": _("Changes"),
    "send.files": _("Photos and documents"),
    "send.concerns": _("Concerns"),
    "send.last": _("Everything was sent on"),
    "send.never": _("Not yet"),
    "send.now": _("Send now"),
    "send.by-itself": _("It also goes by itself while the app is open and there is a network."),
    "held.title": _("Interviews wait until tomorrow"),
    "held.count": _("Changes in interviews of today"),
    "held.why": _(
        "What you write of an interview leaves this device on the next day, so that nobody can tell from the sending "
        "when you spoke to whom. If the device may be lost before that, send it now."
    ),
    "held.send": _("Send the interviews now"),
    "unsaved.note": _(
        "Typed, and not saved because it cannot be right: {count}. It is not sent, and leaves with the visit."
    ),
    "sending.concerns": _("Concerns go first"),
    "sending.operations": _("Changes are going"),
    "sending.files": _("Photos and documents are going"),
    "refused.title": _("What the server did not take"),
    "refused.lead": _("It is kept here, and on the server beside the rest, so that nothing is lost unsaid."),
    "refused.word": _("Not taken"),
    "hand-over.title": _("Hand over"),
    "hand-over.lead": _("When both of you are done. After that nothing can be changed on a device; the review begins."),
    "hand-over.first": _("Decide first"),
    "hand-over.do": _("Hand over"),
    "hand-over.ask": _("Every question is answered. Hand it over now?"),
    "hand-over.ask-missing": _(
        "Questions without an answer: {count}. They count as not assessed. Hand it over all the same?"
    ),
    "hand-over.interviews": _(
        "Your interviews of today are sent with it. Those on your colleague's device are not: let her press “Finish "
        "and remove” or “Send the interviews now” first."
    ),
    "hand-over.yes": _("Yes, hand over"),
    "hand-over.done": _("Handed over"),
    "export.title": _("A file to carry"),
    "export.lead": _(
        "Everything of this visit in one locked file, for days without any network. It opens with your pass phrase, "
        "in this app on another device."
    ),
    "export.do": _("Save the file"),
    "export.made": _("Saved: {name} ({size}). Keep it on another device or a stick."),
    "finish.title": _("Leave nothing on this device"),
    "finish.lead": _(
        "When you are done here: the server says whether it holds everything, and only then the visit is removed."
    ),
    "finish.do": _("Finish and remove"),
    "finish.ask": _(
        "What is left is sent first. Then the server is asked for every change and every photo. If one is missing, "
        "nothing is removed."
    ),
    "finish.yes": _("Send, ask, remove"),
    "finish.asking": _("Sending and asking the server …"),
    "finish.done": _(
        "The server confirmed that it holds every change and every file. This device holds nothing of the visit any "
        "more."
    ),
    "wipe.title": _("Remove everything, sent or not"),
    "wipe.lead": _(
        "This removes every visit, every photo and the pass phrase from this device. What was not sent is lost for "
        "good."
    ),
    "wipe.sure": _("I know that what was not sent is lost"),
    "wipe.do": _("Remove everything"),
    # What goes wrong
    "problem.unknown": _("Something went wrong. What you wrote is still here. Try again."),
    "problem.other-tab": _("The app is open in another tab. Use it there, or take it over here."),
    "problem.other-person": _(
        "Somebody else is signed in in this browser. Nothing is sent until you sign in yourself."
    ),
    "problem.server": _("The server does not answer as it should. It is tried again by itself; nothing is lost."),
    "problem.refused": _("The server did not take something. It is kept, and stands below with the reason."),
    "problem.gone": _(
        "The server does not know this visit any more. Everything is kept here: save the file, and ask your manager."
    ),
    "problem.no-space": _("This device has no room left. Send, or remove other things from it, before you go on."),
    "problem.storage": _("The browser could not write to its store. Save the file, then open the app again."),
    "problem.not-supported": _("This browser lacks what the app stands on."),
    "refusal.passphrase-short": _("The pass phrase is too short."),
    "refusal.passphrase-wrong": _("That is not the pass phrase."),
    "refusal.passphrase-too-soon": _("Wait a little: you can try again in {number} seconds."),
    "refusal.locked": _("The app is locked. Unlock it and try again."),
    "refusal.not-empty": _("This device has a pass phrase already."),
    "refusal.offline": _("There is no network. Try again when there is one."),
    "refusal.sign-in": _("You are signed out. Sign in, then try again."),
    "refusal.other-person": _("Somebody else is signed in in this browser. Sign in yourself."),
    "refusal.other-tab": _("The app is open in another tab."),
    "refusal.server": _("The server did not do it."),
    "refusal.value": _("This cannot be saved so."),
    "refusal.conflict": _(
        "Your colleague wrote here too. Decide first which stands; what you typed is still in the box."
    ),
    "refusal.closed": _("This visit was handed over. Nothing can be changed here."),
    "refusal.file-too-large": _("The file is too large."),
    "refusal.file-type": _("Files of this kind are not taken. Use a photo, a PDF, a Word or an Excel file."),
    "refusal.file-damaged": _("The file is damaged."),
    "refusal.file-other-format": _("This is not a file that the app saved."),
    "refusal.not-complete": _(
        "The server does not hold everything yet. Nothing was removed. Send again, then try again."
    ),
    "refusal.no-space": _("This device has no room left."),
    "refusal.not-here": _("This is not on the device."),
}
"""Key → text."""
