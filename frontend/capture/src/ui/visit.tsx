// How the visit went, and what two people wrote differently.
import { useView } from "./app";
import { Decide } from "./decide";
import { Head, Note, Sheet } from "./parts";
import { AS_BOOL, Chosen, Typed, YES_NO } from "./saved";
import { fieldWord, shortText } from "./showing";
import { dirOf, w } from "./words";

export function VisitScreen() {
  const view = useView("visit");
  const access = ["unrestricted", "delayed", "restricted"] as const;
  const area = (field: string, label: string, help?: string) => <Typed about="visit" field={field} label={label} help={help} area />;
  const limited = view.value("visit", "access");
  return (
    <>
      <Head title={w("visit.title")} lead={w("visit.lead")} />
      <div class="columns">
        <Sheet title={w("visit.access-title")}>
          <Chosen about="visit" field="access" legend={w("field-name.access")} hidden choices={access.map((one) => ({ value: one, word: w(`access.${one}`) }))} />
          {(limited === "delayed" || limited === "restricted" || view.value("visit", "access_note") !== null) && area("access_note", w("visit.access-note"))}
          <Chosen about="visit" field="documents_on_time" legend={w("visit.documents")} chips choices={YES_NO()} {...AS_BOOL} />
        </Sheet>
        <Sheet title={w("visit.people-title")}>
          {area("managers_met", w("field-name.managers_met"), w("visit.managers-help"))}
          {area("integrity_note", w("field-name.integrity_note"), w("visit.integrity-help"))}
        </Sheet>
      </div>
      <Sheet title={w("visit.end-title")}>
        {area("not_covered", w("field-name.not_covered"))}
        {area("summary", w("field-name.summary"), w("visit.summary-help"))}
      </Sheet>
    </>
  );
}

export function ConflictsScreen() {
  const view = useView();
  const conflicts = view.conflicts();
  return (
    <>
      <Head title={w("conflicts.title")} lead={w("conflicts.lead")} />
      {conflicts.length === 0 && (
        <Sheet>
          <p class="muted">{w("conflicts.none")}</p>
        </Sheet>
      )}
      {[...new Set(conflicts.map((one) => one.about))].map((about) => {
        const code = about.startsWith("question:") ? about.slice(9) : "";
        const asked = code ? view.question(code) : undefined;
        const text = asked && shortText(view, asked.question);
        return (
          <Sheet key={about} title={asked ? `${asked.point.name} (${code})` : about === "visit" ? w("visit.title") : w("interviews.one")}>
            {text && (
              <p lang={text.lang} dir={dirOf(text.lang)}>
                {text.text}
              </p>
            )}
            {conflicts
              .filter((one) => one.about === about)
              .map(({ field }) => (
                <Decide key={field} about={about} field={field} label={fieldWord(field)} />
              ))}
          </Sheet>
        );
      })}
      {conflicts.length > 0 && <Note kind="plain">{w("conflicts.note")}</Note>}
    </>
  );
}
