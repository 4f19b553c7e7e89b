/* oxlint-disable react/refs, react/purity, react/memo-dependencies, react/preserve-manual-memoization -- what is made here runs on events, never while rendering */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Chosen } from "../account/availabilities.tsx";
import type { ActionContext, Controls } from "../actions/index.ts";
import { BulkWork } from "../actions/bulk.ts";
import { TicketWork } from "../actions/ticket.ts";
import { availabilitiesQuery, membersQuery, setAvailability } from "../api/desk.ts";
import { sessionQuery, useSession } from "../api/session.ts";
import type { CustomAvailability, Id, Member, Row, Session } from "../api/types.ts";
import { useLanguage, useT } from "../i18n/index.tsx";
import { mostSelected, type Selection } from "../list/selection.ts";
import { useLive } from "../live/context.tsx";
import { usePreferences } from "../preferences/index.ts";
import { undoLast, useToast } from "../ui/toast.tsx";
import { useLatest } from "../ui/use-latest.ts";
import { type Inbox } from "./context.tsx";
import { useMembers, useSpecs, useTags, useTeams } from "./directory.tsx";
import type { Overlay } from "./overlays.tsx";
import type { InboxSearch } from "./search.ts";

const none: readonly Row[] = [];
const seeds: readonly CustomAvailability[] = [];

interface Here extends Pick<Inbox, "open" | "shown" | "composer" | "thread" | "go" | "show" | "close"> {
  row: Row | undefined;
  selection: Selection;
  leaving: (...ids: Id[]) => () => void;
  setOverlay: (overlay: Overlay) => void;
}

/** Makes what actions look at and use out of where the viewer is. */
export function useActionContext(here: Here): ActionContext {
  const { desk } = useLive();
  const { t, format } = useLanguage();
  const session = useSession();
  const toast = useToast();
  const members = useMembers();
  const teams = useTeams();
  const tags = useTags();
  const specs = useSpecs();
  const availability = useAvailability();
  const { data: availabilities = seeds } = useQuery({ ...availabilitiesQuery, enabled: members.some(({ custom_availability_id }) => custom_availability_id) });
  const navigate = useNavigate();
  const [preferences, prefer] = usePreferences();
  const latest = useLatest(here);

  const work = useMemo(
    () =>
      new TicketWork({
        desk,
        t,
        moment: (at) => format.moment(at, new Date()),
        memberName: (id) => members.find((member) => member.user_id === id)?.name ?? "",
        teamName: (id) => teams.find((team) => team.id === id)?.name ?? "",
        undoable: (text, undo) => void toast.undoable(text, undo),
        problem: (error) => void toast.problem(error),
        leaving: (id) => latest.current.leaving(id),
      }),
    [desk, t, format, members, teams, toast, latest],
  );

  const bulk = useMemo(
    () =>
      new BulkWork({
        desk,
        t,
        selection: here.selection,
        moment: (at) => format.moment(at, new Date()),
        memberName: (id) => members.find((member) => member.user_id === id)?.name ?? "",
        teamName: (id) => teams.find((team) => team.id === id)?.name ?? "",
        say: (text) => void toast.say(text),
        undoable: (text, undo) => void toast.undoable(text, undo),
        problem: (error) => void toast.problem(error),
        leaving: (...ids) => latest.current.leaving(...ids),
      }),
    [desk, t, format, members, teams, toast, here.selection, latest],
  );

  const inbox = useMemo((): Controls => {
    const now = () => latest.current;
    const selection = here.selection;
    const tell = (fits: boolean) => void (fits || toast.say(t("select.most", { count: mostSelected })));
    const deselect = () => {
      if (document.activeElement?.closest("[data-selection]")) document.getElementById("conversation-list")?.focus();
      selection.clear();
    };
    return {
      move: (by) => {
        const next = now().shown.beside(now().open, by);
        if (next !== undefined) now().show(next);
      },
      open: () => {
        now().thread.settle();
        document.getElementById("thread-title")?.focus();
      },
      back: () => {
        if (selection.on()) return deselect();
        const list = document.getElementById("conversation-list");
        if (matchMedia("(max-width: 699px)").matches || document.activeElement === list) now().close();
        else list?.focus();
      },
      template: () => {
        now().thread.settle();
        now().composer.offerTemplates();
      },
      compose: (mode) => {
        now().thread.settle();
        now().composer.focus(mode);
      },
      toggle: (pane) => {
        const name = ({ nav: "nav_open", list: "list_open", customer: "customer_open" } as const)[pane];
        prefer({ [name]: !preferences[name] });
      },
      toggleDensity: () => prefer({ density: preferences.density === "compact" ? "comfortable" : "compact" }),
      view: (view) => now().go({ ...cleared, view }),
      contacts: () => void navigate({ to: "/contacts" }),
      board: () => void navigate({ to: "/board" }),
      transcript: () => void navigate({ to: "/conversations/$id/transcript", params: { id: String(now().open) } }),
      deleteTicket: () => now().setOverlay({ kind: "delete_ticket" }),
      remind: () => now().setOverlay({ kind: "remind" }),
      macro: () => now().setOverlay({ kind: "macro" }),
      mergeTicket: () => now().setOverlay({ kind: "merge_ticket" }),
      settings: (page, field) => void navigate({ to: page ?? "/settings", ...(field ? { hash: field } : {}) }),
      help: () => now().setOverlay({ kind: "help" }),
      palette: (action, many = action === undefined) => now().setOverlay({ kind: "palette", action, many }),
      find: () => {
        const field = document.getElementById("find-field");
        if (field instanceof HTMLInputElement) field.select();
        else now().go({ find: "all", ...(matchMedia("(max-width: 699px)").matches ? { c: undefined } : {}) } as unknown as InboxSearch);
        field?.focus();
      },
      findHere: () => {
        now().thread.settle();
        now().thread.find();
      },
      snoozeUntil: (many = false) => now().setOverlay({ kind: "snooze", many }),
      transferWithNote: () => now().setOverlay({ kind: "transfer" }),
      undo: () => void undoLast(),
      availability: (value) => availability({ availability: value }),
      select: () => tell(selection.toggle(now().open)),
      extend: (by) => {
        const ids = now().shown.ids();
        const next = ids[ids.indexOf(now().open) + by];
        tell(selection.step(now().open, next));
        if (next !== undefined) now().show(next);
      },
      selectAll: () => tell(selection.add(now().shown.ids())),
      deselect,
    };
  }, [preferences, prefer, navigate, availability, latest, here.selection, toast, t]);

  return useMemo(
    (): ActionContext => ({
      row: here.row,
      selected: none,
      me: session.user.id,
      can: (permission) => session.permissions.includes(permission),
      members,
      availabilities,
      teams,
      tags,
      specs,
      work,
      bulk,
      inbox,
      t,
      moment: (at) => format.moment(at, new Date()),
      zone: session.user.zone,
    }),
    [here.row, session, members, availabilities, teams, tags, specs, work, bulk, inbox, t, format],
  );
}

/** An address without filters and conversation. */
export const cleared = {
  team_id: undefined, channel: undefined, status: undefined, assignee: undefined, team: undefined, tag: undefined, priority: undefined, window: undefined, sla: undefined, language: undefined, contact: undefined, attachment: undefined, unread: undefined, since: undefined, until: undefined, saved: undefined,
} as unknown as InboxSearch;

/** Changes the viewer's own status, at once on screen. */
export function useAvailability(): (chosen: Chosen) => void {
  const queries = useQueryClient();
  const toast = useToast();
  const t = useT();
  const { user } = useSession();
  return useMemo(
    () => (chosen: Chosen) => {
      const now = (): Chosen => queries.getQueryData<Session>(sessionQuery.queryKey)?.member ?? { availability: "offline" };
      const nameOf = ({ availability, custom_availability_id }: Chosen) => queries.getQueryData(availabilitiesQuery.queryKey)?.find(({ id }) => id === custom_availability_id)?.name ?? t(`availability.${availability}`);
      const same = (a: Chosen, b: Chosen) => a.availability === b.availability && (a.custom_availability_id ?? 0) === (b.custom_availability_id ?? 0);
      const show = ({ availability, custom_availability_id = 0 }: Chosen) => {
        const shown = { availability, custom_availability_id };
        queries.setQueryData<Session>(sessionQuery.queryKey, (now) => now && { ...now, member: { ...now.member, ...shown } });
        queries.setQueryData<Member[]>(membersQuery.queryKey, (all) => all?.map((one) => (one.user_id === user.id ? { ...one, ...shown } : one)));
      };
      const set = (next: Chosen, undoTo?: Chosen) => {
        const before = now();
        show(next);
        if (undoTo && !same(undoTo, next)) toast.undoable(t("done.availability", { status: nameOf(next) }), () => set(undoTo));
        setAvailability(next.availability, next.custom_availability_id).catch((error: unknown) => {
          show(before);
          toast.problem(error);
        });
      };
      set(chosen, now());
    },
    [queries, toast, user.id, t],
  );
}
