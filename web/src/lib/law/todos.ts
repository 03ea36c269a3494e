// What waits for the privacy officer, the nearest date first: from what the gate lists, with the term of each.

import { s } from "../../strings/gate";
import { look } from "../look.svelte";
import type {
  AuthorityKey,
  Directive,
  Mechanism,
  Recipient,
  RequestCard,
  Text2,
  Time,
  TransferApproval,
} from "../wire";
import { addWorkdays, dayOf, subWorkdays } from "./workdays";

export interface Todo {
  id: string;
  title: string;
  detail: string;
  /** The term runs from here; `null` where there is none. */
  from: Time | null;
  due: Time | null;
  href: string;
  action: string;
}
export interface Waiting {
  approvals: TransferApproval[];
  requests: RequestCard[];
  orders: Directive[];
  mechanisms: Mechanism[];
  keys: AuthorityKey[];
}
/** A standard contract is filed within so many working days after it took effect (SCC 7). */
export const FILE_WORKDAYS = 10;
/** An assessment is renewed so many working days before it ends (CBDF 9); its end is shown from then on. */
export const RENEW_WORKDAYS = 60;

const text = (t: Text2): string => (look.lang === "en" ? t.en : t.zh);
/** The last moment of a day in China. */
const endOf = (day: string): Time => new Date(`${day}T23:59:59+08:00`).toISOString();

/** When a contract must be filed. */
export function fileBy(m: Mechanism): Time {
  return endOf(addWorkdays(dayOf(m.effective_at, "Asia/Shanghai"), FILE_WORKDAYS));
}
/** From when the end of a mechanism is watched: so many working days before it, or since it took effect. */
function watchFrom(m: Mechanism): Time {
  const end = dayOf(m.expires_at ?? m.effective_at, "Asia/Shanghai");
  const day = subWorkdays(end, RENEW_WORKDAYS);
  const from = new Date(`${day}T00:00:00+08:00`).toISOString();
  return [from, m.effective_at].sort().at(-1) ?? from;
}
/** Whether it is time to see to what ends: less than so many working days are left. */
export function renewSoon(m: Mechanism, now: Date): boolean {
  if (!m.expires_at || m.state !== "in_force") return false;
  return (
    addWorkdays(dayOf(now, "Asia/Shanghai"), RENEW_WORKDAYS) >= dayOf(m.expires_at, "Asia/Shanghai")
  );
}

function ofMechanisms(
  list: Mechanism[],
  open: Set<string>,
  who: (id: Mechanism["recipient"]) => string,
  now: Date,
): Todo[] {
  return list
    .filter((m) => open.has(m.recipient) && (m.state === "in_force" || m.state === "coming"))
    .flatMap((m): Todo[] => {
      const at = { href: `/privacy/recipients/${m.recipient}`, action: s.doOpen, detail: m.number };
      if (m.kind === "standard_contract" && m.state === "in_force" && !m.filed_at)
        return [
          {
            ...at,
            id: `file ${m.id}`,
            title: s.todoFile(who(m.recipient)),
            from: m.effective_at,
            due: fileBy(m),
          },
        ];
      if (renewSoon(m, now))
        return [
          {
            ...at,
            id: `renew ${m.id}`,
            title: s.todoRenew(s.mechanism(m.kind), who(m.recipient)),
            from: watchFrom(m),
            due: m.expires_at,
          },
        ];
      return [];
    });
}

export function todos(
  w: Waiting,
  recipients: Recipient[],
  who: (id: Recipient["id"]) => string,
  now: Date,
): Todo[] {
  const open = new Set<string>(recipients.filter((r) => r.state === "open").map((r) => r.id));
  const list: Todo[] = [
    ...w.requests.map((r) => ({
      id: r.id,
      title: s.requestTitle(r.kind),
      detail: s.requestAbout(r.kind, r.about),
      from: r.asked_at,
      due: r.answer_by,
      href: `/privacy/requests/${r.id}`,
      action: s.doAnswer,
    })),
    ...w.approvals.map((a) => ({
      id: a.id,
      title: s.todoApproval(who(a.recipient)),
      detail: s.ofPersons(a.persons.toLocaleString("en-US")),
      from: a.asked_at,
      due: a.until,
      href: "/privacy/approvals",
      action: s.doDecide,
    })),
    ...w.orders
      .filter((d) => d.effect === "rectify_by" && d.state === "in_force" && d.scope.by)
      .map((d) => ({
        id: d.id,
        title: s.todoRectify(d.scope.what ? text(d.scope.what) : d.number),
        detail: `${text(d.authority)} · ${d.number}`,
        from: d.since,
        due: d.scope.by,
        href: `/orders-of-authorities/${d.id}`,
        action: s.doRead,
      })),
    ...ofMechanisms(w.mechanisms, open, who, now),
    ...w.keys
      .filter(
        (k) =>
          (k.state === "proposed" && !k.proposed_by_me) ||
          (k.revocation_asked && k.state === "active"),
      )
      .map((k) => ({
        id: k.id,
        title: k.revocation_asked ? s.todoRevoke(text(k.name)) : s.todoKey(text(k.name)),
        detail: "",
        from: null,
        due: null,
        href: "/privacy/keys",
        action: s.doConfirm,
      })),
  ];
  const at = (t: Todo): number => (t.due ? Date.parse(t.due) : Number.POSITIVE_INFINITY);
  return list.sort((a, b) => (at(a) === at(b) ? 0 : at(a) - at(b)));
}
