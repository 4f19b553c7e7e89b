import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, useSyncExternalStore, type RefObject } from "react";
import { cannedQuery, fetchDrafts, membersQuery, saveDraft, takeCanned } from "../api/desk.ts";
import { scheduledQuery } from "../api/later.ts";
import { useSession } from "../api/session.ts";
import type { Capabilities, Id, MarkKind, Member, Message, Mode, NewMessage, Part, Row } from "../api/types.ts";
import { decides } from "../actions/index.ts";
import { snoozePresets } from "../actions/snooze.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useInbox } from "../inbox/context.tsx";
import { useMembers } from "../inbox/directory.tsx";
import { useLive } from "../live/context.tsx";
import { usePreferences, type Preferences } from "../preferences/index.ts";
import { useToast } from "../ui/toast.tsx";
import { toDocument, toPart } from "./document.ts";
import { Drafts, same, type Unsent } from "./drafts.ts";
import type { Later } from "./hold.ts";
import { joined } from "./joined.ts";
import type { Editor, Surroundings } from "./editor.ts";
import { colleaguesNamed, type Person } from "./mention.ts";
import { enterSends } from "./send-key.ts";
import { cannedAnswer, findCanned, textIn } from "./canned.ts";
import type { Answer, Picking } from "./picking.ts";
import { lengthOf } from "./length.ts";
import { lostOf, type Written } from "./preview.ts";
import { linkLine, mostFiles, policyRefusal, refusal, Uploads, waysOf, type Links } from "./uploads.ts";
import { useMode } from "./use-mode.ts";
import { useValues } from "./use-values.ts";
import { fill, findVariables, unfilledIn } from "./variables.ts";

const noteMarks = new Set<MarkKind>(["bold", "italic", "strike", "code", "link", "list_item", "mention"]);
const typingMs = 4_000;

interface ComposerOptions {
  row: Row;
  host: RefObject<HTMLDivElement | null>;
  capabilities: Capabilities | undefined;
  links: Links;
  /** A reply cannot go out. */
  closed: boolean;
  /** Notes are for who has the case (E21). */
  whisper: boolean;
  /** A colleague answered while this was written. */
  onCollision: (message: Message) => void;
}

export type AfterSend = Preferences["after_send"];

interface Latest {
  key: (event: KeyboardEvent, composing: boolean) => boolean;
  changed: () => void;
  people: (query: string) => Person[] | Promise<Person[]>;
  canned: (query: string) => Promise<Answer[]>;
  variables: (query: string) => Promise<Answer[]>;
  placeholder: () => string;
  locale: () => string;
  label: () => string;
  addFiles: (files: File[]) => void;
  keep: (place: string) => void;
  send: (after: AfterSend, anyway?: boolean) => void;
  answer: (message: Id) => void;
  restore: (to: Id, parts: Part[], named: Id, known: boolean) => boolean;
}

/** Everything the composer does; its look is elsewhere. */
export function useComposer({ row, host, capabilities, links, closed, whisper, onCollision }: ComposerOptions) {
  const { t, format, locale } = useLanguage();
  const session = useSession();
  const { desk, sender } = useLive();
  const { actions, composer: shared, show: reveal } = useInbox();
  const members = useMembers();
  const queries = useQueryClient();
  const toast = useToast();
  const [preferences] = usePreferences();
  const [editor, setEditor] = useState<Editor | null>(null);
  const [picking, setPicking] = useState<Picking>(null);
  const [text, setText] = useState("");
  const [waiting, setWaiting] = useState<AfterSend | null>(null);
  const [answers, setAnswers] = useState<Id>(0); // the customer's message that the reply names
  const begunAt = useRef(0); // newest seq when this draft was begun
  const drafts = useMemo(() => new Drafts(localStorage, `${session.workspace.id}.${session.user.id}`, (id, m, unsent, keepalive) => saveDraft(id, { mode: m, parts: unsent.parts.map(bare), reply_to_id: unsent.answers }, keepalive)), [session.workspace.id, session.user.id]);
  const { mode, other, setMode, besides, otherChanged, leadToNote } = useMode(row.id, drafts);
  const place = `${row.id}:${mode}`;
  const placeRef = useRef(place);
  // The editor and the uploads live longer than a render: they ask what holds now by way of this.
  const latest = useRef<Latest>(null);

  const files = useMemo(() => new Uploads((at) => latest.current?.keep(at)), []);
  const uploads = useSyncExternalStore(files.watch, () => files.of(place));
  // Links and lists go along everywhere: a channel without them has them written out.
  const allowed = useMemo(() => (mode === "note" ? noteMarks : new Set<MarkKind>([...(capabilities?.marks ?? []), "link", "list_item"])), [mode, capabilities]);

  const written = useCallback((): Part => toPart(editor?.json() ?? { type: "doc" }, noteMarks), [editor]);
  const partsOf = (part: Part, at: string): Part[] => {
    const how = waysOf(files.of(at), capabilities, mode === "reply" ? links : "never");
    return [...(part.text ? [part] : []), ...files.parts(at, how)];
  };

  /** A file arrived for a draft that is not on screen any more. */
  const elsewhere = (at: string) => {
    const [id, m] = at.split(":") as [string, Mode];
    const there = drafts.read(Number(id), m);
    drafts.write(Number(id), m, [...(there?.parts ?? []).filter(({ kind }) => kind === "text"), ...files.parts(at)], there?.answers);
    otherChanged();
  };
  /** Keeps the draft of a place. */
  const keep = (at: string) => {
    if (!editor) return;
    if (at !== placeRef.current) return void elsewhere(at);
    const part = written();
    const parts = partsOf(part, at);
    setText(part.text ?? "");
    drafts.write(row.id, mode, parts, answers);
    const now = desk.row(row.id);
    const drafted = parts.length > 0;
    if (now && now.draft !== drafted) desk.foresee(row.id, (one) => ({ ...one, draft: drafted }));
  };

  const addFiles = useCallback(
    (list: File[], voice = false) => {
      let left = 0;
      for (const file of list) {
        const banned = policyRefusal(file, session.workspace.files);
        const refused = mode === "reply" && links === "never" ? refusal(file, capabilities) : null;
        if (banned) toast.say(t(banned.reason === "size" ? "composer.policy_too_big" : "composer.policy_kind", { name: file.name, limit: format.bytes(banned.limit) }));
        else if (refused) toast.say(t(refused.reason === "size" ? "composer.file_too_big" : "composer.file_kind", { name: file.name, limit: format.bytes(refused.limit) }));
        else if (files.of(place).length >= mostFiles) left++;
        else files.add(place, row.id, file, voice);
      }
      if (left > 0) toast.say(t("composer.files_left", { most: mostFiles, count: left }));
    },
    [mode, capabilities, links, session.workspace.files, files, place, row.id, toast, t, format],
  );

  const mayDecide = decides(row, session.user.id, (permission) => session.permissions.includes(permission));
  const dispatch = (wished: AfterSend) => {
    const after = mayDecide ? wished : "stay";
    const part = toPart(editor?.json() ?? { type: "doc" }, allowed);
    const parts = partsOf(part, place);
    if (parts.length === 0) return;
    const snooze = mode === "reply" && after === "snooze" ? (sleepUntil.current ?? snoozePresets(new Date(), session.user.zone).find(({ id }) => id === "tomorrow")?.until) : undefined;
    const message: NewMessage = {
      client_id: crypto.randomUUID(),
      mode,
      parts,
      ...(mode === "note" && whisper ? { whisper } : {}),
      ...(mode === "reply" && answers ? { reply_to_id: answers } : {}),
      ...(mode === "reply" && after === "resolve" ? { and_then: "resolve" } : {}),
      ...(snooze ? { and_then: "snooze", snooze_until: snooze.toISOString() } : {}),
    };
    const held = mode === "reply" ? (later.current ?? (preferences.undo_send > 0 ? { undo_seconds: preferences.undo_send } : null)) : null;
    if (held) {
      const back = (to: Id, taken: Part[], named: Id, known: boolean) => void (latest.current?.restore(to, taken, named, known) || reveal(to));
      void import("./hold.ts").then(({ hold }) => hold(row.id, message, held, { queries, sender, toast, t, format, back }));
    } else sender.send(row.id, message);
    if (message.and_then === "resolve") actions.work.leaveWith(row, { status: "resolved", reason: "manual" });
    if (snooze) actions.work.leaveWith(row, { status: "snoozed", snoozed_until: snooze.toISOString() });
    clear();
  };
  /** Nothing is written any more. */
  const clear = () => {
    later.current = null;
    files.clear(place);
    editor?.swap(toDocument(undefined));
    setText("");
    setAnswers(0);
    drafts.write(row.id, mode, []);
    if (desk.row(row.id)?.draft) desk.foresee(row.id, (now) => ({ ...now, draft: false }));
    shared.typed(0);
    begunAt.current = 0;
  };

  const ways = useMemo(() => waysOf(uploads, capabilities, mode === "reply" ? links : "never"), [uploads, capabilities, links, mode]);
  const length = useMemo(() => {
    const lines = uploads.flatMap(({ attachment }, i) => (ways[i]?.goes === "link" ? [linkLine(session.workspace.id, attachment?.id)] : []));
    return lengthOf([text, ...lines].filter(Boolean).join("\n"), mode === "reply" ? capabilities : undefined);
  }, [text, capabilities, mode, uploads, ways, session.workspace.id]);
  const empty = text.trim() === "" && uploads.length === 0;

  const sleepUntil = useRef<Date | null>(null); // when a ticket that sleeps after the reply wakes, if not in the morning
  const later = useRef<Later | null>(null); // when what is being sent goes out, if not at once
  const send = (after: AfterSend, anyway = false, at: Later | null = null, until: Date | null = null) => {
    if (!anyway) [later.current, sleepUntil.current] = [at, until];
    if (empty || length.is === "over" || (closed && mode === "reply" && !later.current)) return;
    const gap = editor && unfilledIn(editor.state.doc)[0];
    if (gap) {
      editor?.select(gap);
      return void toast.say(t("composer.unfilled", { name: gap.text }));
    }
    if (uploads.some(({ state }) => state === "failed")) return void toast.say(t("composer.failed_files"));
    if (ways.some(({ goes }) => goes === "undecided")) return void toast.say(t("composer.undecided_files"));
    const thread = desk.threads.of(row.id);
    const other = mode === "reply" && !anyway ? thread?.items.findLast((message) => message.author.kind === "human" && message.author.id !== desk.me && message.seq > begunAt.current) : undefined;
    if (other && begunAt.current > 0) {
      afterCollision.current = after;
      return onCollision(other);
    }
    if (uploads.some(({ state }) => state === "uploading")) return setWaiting(after);
    dispatch(after);
  };
  const afterCollision = useRef<AfterSend>("stay");

  const spoken = useRef(false); // what waits for its file is a voice message: a colleague may have answered while it was recorded
  // Files that were still on their way when "send" was pressed.
  useEffect(() => {
    if (waiting === null || uploads.some(({ state }) => state === "uploading")) return;
    setWaiting(null);
    const looked = !spoken.current;
    spoken.current = false;
    latest.current?.send(waiting, looked);
  }, [waiting, uploads]);

  const key = (event: KeyboardEvent, composing: boolean): boolean => {
    if (composing || picking) return false;
    if (event.key === "Escape" && mode === "reply" && answers) {
      latest.current?.answer(0);
      return true;
    }
    if (event.key === "Escape") {
      document.getElementById("thread-title")?.focus();
      return true;
    }
    if (event.key !== "Enter" || !editor) return false;
    const mod = event.ctrlKey || event.metaKey;
    if (mod && event.shiftKey) {
      latest.current?.send(mode === "reply" ? "resolve" : "stay");
      return true;
    }
    const sends = mod || (enterSends(preferences.send_key) && !event.shiftKey && !event.altKey);
    if (sends) {
      latest.current?.send(mode === "reply" ? preferences.after_send : "stay");
      return true;
    }
    if (event.shiftKey) return editor.newLine();
    return false;
  };

  const changed = () => {
    if (begunAt.current === 0) begunAt.current = row.last_seq;
    shared.typed(typingMs);
    keep(place);
  };
  /** The reply names a message of the customer's, or none (0). */
  const answer = (message: Id) => {
    if (mode === "reply") {
      setAnswers(message);
      drafts.write(row.id, "reply", partsOf(written(), place), message);
      return;
    }
    drafts.write(row.id, "reply", drafts.read(row.id, "reply")?.parts ?? [], message);
    setMode("reply");
  };
  /** Text that did not go out stands before what is written in its conversation: here, or in the draft of one that is not open (false). */
  const restore = (to: Id, parts: Part[], named: Id, known: boolean): boolean => {
    if (to !== row.id || placeRef.current !== place) {
      drafts.putBack(to, { parts, answers: named }, known);
      desk.foresee(to, (now) => ({ ...now, draft: true }));
      return false;
    }
    const unsent = { parts: joined(parts, mode === "reply" ? partsOf(written(), place) : (drafts.read(row.id, "reply")?.parts ?? [])), answers: named || answers };
    drafts.write(row.id, "reply", unsent.parts, unsent.answers);
    if (mode === "note") setMode("reply");
    else {
      show(unsent);
      focus();
    }
    return true;
  };
  const people = (query: string): Person[] | Promise<Person[]> => {
    if (mode !== "note") return [];
    const named = (all: readonly Member[]) => colleaguesNamed(query, all.filter(({ user_id }) => user_id !== session.user.id), locale);
    const here = named(members);
    return here.length > 0 ? here : queries.fetchQuery({ ...membersQuery, staleTime: Infinity }).then(named); // who just joined may still be on the way
  };
  const valuesHere = useValues(row);
  const canned = async (query: string): Promise<Answer[]> => {
    const [all, { values, languages }] = await Promise.all([queries.fetchQuery(cannedQuery), valuesHere()]);
    return findCanned(all, query).map((one) => cannedAnswer(one, fill(textIn(one.texts, languages), values), () => void takeCanned(one.id).then((given) => files.give(place, given), toast.problem)));
  };
  const variables = async (query: string): Promise<Answer[]> => findVariables(query, (await valuesHere()).values, { of: (name) => t(`variable.${name}`), also: (name) => t(`variable_words.${name}`), none: t("variable.none") });
  const placeholder = () => t(mode === "note" ? "composer.note_placeholder" : "composer.reply_placeholder");
  const label = () => t(mode === "note" ? "composer.note_label" : "composer.reply_label");

  useLayoutEffect(() => {
    latest.current = { key, changed, people, canned, variables, placeholder, locale: () => locale, label, addFiles, keep, send, answer, restore };
  });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let left = false;
    let made: Editor | undefined;
    const around: Surroundings = {
      key: (event, composing) => latest.current?.key(event, composing) ?? false,
      changed: () => latest.current?.changed(),
      people: (query) => latest.current?.people(query) ?? [],
      canned: (query) => latest.current?.canned(query) ?? [],
      variables: async (query) => latest.current?.variables(query) ?? [],
      placeholder: () => latest.current?.placeholder() ?? "",
      label: () => latest.current?.label() ?? "",
      files: (list) => latest.current?.addFiles(list),
      locale: () => latest.current?.locale() ?? "en",
      picking: setPicking,
    };
    void import("./editor.ts").then(({ Editor }) => {
      if (left) return;
      made = new Editor(element, around);
      setEditor(made);
    });
    return () => {
      left = true;
      made?.destroy();
    };
  }, [host]);

  const show = ({ parts, answers: named }: Unsent) => {
    setAnswers(named);
    const part = parts.find(({ kind }) => kind === "text");
    editor?.swap(toDocument(part));
    if (!files.of(place).some(({ state }) => state !== "done")) files.set(place, parts);
    setText(part?.text ?? "");
    begunAt.current = parts.length > 0 ? row.last_seq : 0;
  };

  /** Takes over what the server has: another device may have gone on with the draft, or sent it (G4.8). */
  const adopt = (opening: boolean) => {
    const ours = drafts.read(row.id, mode);
    if (!ours?.saved && !drafts.read(row.id, other)?.saved && !desk.row(row.id)?.draft) return;
    const asked = place;
    fetchDrafts(row.id)
      .then((all) => {
        const adopted = (of: Mode) => {
          const there = all.find((draft) => draft.mode === of);
          return drafts.adopt(row.id, of, there && { parts: there.parts ?? [], answers: there.reply_to_id ?? 0 });
        };
        const typed = !same(drafts.read(row.id, mode), ours);
        const held = adopted(mode);
        adopted(other);
        otherChanged();
        if (placeRef.current !== asked || typed) return;
        if (!same(held, ours)) show(held);
        if (opening && held.parts.length === 0 && drafts.modeOf(row.id) === "note") leadToNote();
      })
      .catch(() => {}); // ours stays
  };
  // Another conversation or mode: its draft comes into the editor, ours here at once, the server's when it arrives.
  useEffect(() => {
    if (!editor) return;
    placeRef.current = place;
    shared.setMode(mode);
    setWaiting(null);
    show(drafts.read(row.id, mode) ?? { parts: [], answers: 0 });
    adopt(true);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when the place changes
  }, [editor, place]);

  useEffect(() => {
    const returned = queries.getQueryData(scheduledQuery(row.id).queryKey)?.some((one) => one.returned_at && one.user_id === session.user.id); // it marks the row, too
    if (editor && (!row.draft || besides || returned)) adopt(false);
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- only when the server's drafts go, or one of several may have gone as a message
  }, [row.draft, row.last_seq]);

  useEffect(() => {
    const load = async (id: Id, of: Mode) => {
      const there = (await fetchDrafts(id)).find((draft) => draft.mode === of);
      return there && { parts: there.parts ?? [], answers: there.reply_to_id ?? 0 };
    };
    void drafts.resume(load, (id) => desk.row(id)?.draft === false && desk.foresee(id, (now) => ({ ...now, draft: true })));
  }, [drafts, desk]);

  useEffect(() => {
    const leave = () => drafts.flush();
    window.addEventListener("pagehide", leave);
    return () => {
      window.removeEventListener("pagehide", leave);
      leave();
    };
  }, [drafts]);

  useEffect(() => {
    editor?.setEditable(!(closed && mode === "reply"));
  }, [editor, closed, mode]);

  const focus = useCallback(() => {
    if (editor) requestAnimationFrame(() => editor.focusEnd());
    return Boolean(editor);
  }, [editor]);

  const restoreThere = useCallback((to: Id, parts: Part[], named: Id, known: boolean) => void latest.current?.restore(to, parts, named, known), []);
  const answerBy = useCallback((message: Id) => latest.current?.answer(message), []);

  return {
    mode,
    /** The other mode has a draft (G4.1). */
    besides,
    place,
    answers: mode === "reply" ? answers : 0,
    answer: answerBy,
    restore: restoreThere,
    setMode,
    editor,
    picking,
    uploads,
    ways,
    addFiles,
    focus,
    empty,
    length,
    waiting: waiting !== null,
    send: (after: AfterSend) => send(after),
    /** Whether the case is the writer's to resolve or put to sleep with a reply (J3). */
    mayDecide,
    clear,
    sendSnoozed: (until: Date) => send("snooze", false, null, until),
    /** Keeps the reply until its instant. */
    sendLater: (at: Later) => send("stay", false, at),
    /** The reply as it would be sent now. */
    write: (): Written => ({ parts: partsOf(toPart(editor?.json() ?? { type: "doc" }, allowed), place), lost: lostOf(written().marks ?? [], [...allowed]) }),
    sendAnyway: () => send(afterCollision.current, true),
    /** Puts text in where the cursor is, and leaves the focus where it is. */
    put: (piece: string) => editor?.insert([{ type: "text", text: piece }]),
    insert: (piece: string) => (editor?.insert([{ type: "text", text: piece }]), editor?.focus()),
    /** Begins a canned reply where the cursor is. */
    askCanned: async () => {
      const all = await queries.fetchQuery(cannedQuery).catch(() => []);
      if (!editor) return;
      if (all.length === 0) return void toast.say(t("composer.canned_none"));
      const { $from } = editor.state.selection;
      const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
      editor.focus();
      editor.insert([{ type: "text", text: before === "" || /\s$/.test(before) ? "/" : " /" }]);
    },
    /** Sends what is written with a voice message. */
    speak: (file: File) => {
      addFiles([file], true);
      spoken.current = files.of(place).some(({ voice, state }) => voice && state === "uploading"); // or it is refused
      if (spoken.current) setWaiting(mode === "reply" ? preferences.after_send : "stay");
    },
    removeUpload: (id: string) => files.remove(place, id),
    linkUpload: (id: string) => files.link(place, id),
    retryUpload: (id: string) => files.retry(place, row.id, id),
  };
}

export type ComposerState = ReturnType<typeof useComposer>;

/** A part as the API takes it: without what is only for showing. */
const bare = (part: Part): Part => {
  const { attachment: _attachment, ...rest } = part;
  return rest;
};
