import { CircleStop, Mic, Paperclip, Pause, SendHorizontal, Trash2 } from "lucide-react";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { useSession } from "../api/session.ts";
import type { Capabilities } from "../api/types.ts";
import { policyRefusal } from "../composer/uploads.ts";
import { useLanguage, useRoom } from "../i18n/index.tsx";
import { Button } from "../ui/button.tsx";
import { Notice } from "../ui/notice.tsx";
import { Spinner } from "../ui/spinner.tsx";
import { secondsIn, wayFor, type Way } from "./container.ts";
import { peaksOf } from "./peaks.ts";
import Player from "./player.tsx";
import { fileOf, listen, Recorder, refusedBy, type Refused } from "./recorder.ts";
import { Waveform } from "./waveform.tsx";

interface PanelProps {
  /** What the channel takes; none for a note among colleagues. */
  capabilities: Capabilities | undefined;
  /** Puts the finished file with what is written. */
  onAttach: (file: File) => void;
  /** Sends it. */
  onSend: (file: File) => void;
  onClose: () => void;
}

type State =
  | { is: "asking" }
  | { is: "refused"; why: Refused | "not_taken" }
  | { is: "recording"; recorder: Recorder; way: Way; most: number }
  | { is: "making" }
  | { is: "ready"; file: File; url: string; peaks: number[]; seconds: number };

const live = 60; // tenths of a second that the meter shows
const quiet = 0.1; // a height of the meter that no voice stays below
const quietFor = 30; // tenths of a second
const nearEnd = 30; // seconds

/** Records a voice message where the reply is written: level, time, pause, preview, send. Leaving it half done keeps it as a file of the draft. */
export default function VoicePanel({ capabilities, onAttach, onSend, onClose }: PanelProps) {
  const { t, format } = useLanguage();
  const words = useRoom("voice");
  const { workspace } = useSession();
  const [state, setState] = useState<State>({ is: "asking" });
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  const [attempt, again] = useReducer((n: number) => n + 1, 0);
  const settle = useRef<(() => void) | null>(null); // what becomes of it when the panel goes away
  const attach = useRef(onAttach); // where it was begun, whatever is open when it ends

  const make = useCallback(async (recorder: Recorder, way: Way) => {
    setState({ is: "making" });
    let left = false;
    settle.current = () => (left = true);
    try {
      const take = await recorder.finish();
      const file = await fileOf(take, way, new Date());
      if (left) return attach.current(file);
      settle.current = () => attach.current(file);
      setState({ is: "ready", file, url: URL.createObjectURL(file), peaks: peaksOf(take.peaks), seconds: take.seconds });
    } catch {
      setState({ is: "refused", why: "unable" });
    }
  }, []);

  useEffect(() => {
    let gone = false;
    const open = async () => {
      const limit = capabilities?.media?.find(({ kind }) => kind === "audio");
      if (policyRefusal({ type: "audio/ogg", size: 0, name: "" }, workspace.files)) return setState({ is: "refused", why: "not_taken" });
      if (!window.isSecureContext) return setState({ is: "refused", why: "insecure" });
      const way = typeof MediaRecorder === "undefined" ? undefined : wayFor(limit, (type) => MediaRecorder.isTypeSupported(type));
      if (!way || !("mediaDevices" in navigator)) return setState({ is: "refused", why: "unable" });
      setState({ is: "asking" });
      try {
        const stream = await listen();
        if (gone) return stream.getTracks().forEach((track) => track.stop());
        const recorder = new Recorder(stream, way, redraw);
        settle.current = () => (recorder.seconds < 1 ? recorder.drop() : void recorder.finish().then(async (take) => attach.current(await fileOf(take, way, new Date()))).catch(() => {}));
        setState({ is: "recording", recorder, way, most: secondsIn(limit?.max_bytes ?? 0, way) });
      } catch (error) {
        if (!gone) setState({ is: "refused", why: refusedBy(error) });
      }
    };
    void open();
    return () => {
      gone = true;
      settle.current?.();
      settle.current = null;
    };
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- once per attempt: what the channel takes does not change while somebody speaks
  }, [attempt]);

  const { is } = state;
  const main = useRef<HTMLButtonElement>(null);
  useEffect(() => main.current?.focus(), [is]);
  useEffect(() => {
    if (state.is === "recording" && state.recorder.seconds >= state.most) void make(state.recorder, state.way);
  });
  useEffect(() => (state.is === "ready" ? () => URL.revokeObjectURL(state.url) : undefined), [state]);
  useEffect(() => {
    if (is !== "recording" && is !== "ready") return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [is]);

  if (!words) return null;
  const end = (then?: () => void) => {
    settle.current = null;
    then?.();
    onClose();
  };
  const discard = () => end(state.is === "recording" ? () => state.recorder.drop() : undefined);
  const toggle = (recorder: Recorder) => {
    if (recorder.paused) recorder.resume();
    else recorder.pause();
    redraw();
  };
  const recent = state.is === "recording" ? state.recorder.peaks.slice(-live).map(Math.sqrt) : []; // quiet voices are seen, too
  const silent = recent.length >= quietFor && recent.slice(-quietFor).every((peak) => peak < quiet);
  const left = state.is === "recording" ? Math.ceil(state.most - state.recorder.seconds) : 0;

  return (
    <section aria-label={t("voice.title")} className="mx-2 mb-1 rounded-md border border-line bg-surface px-2 py-1.5">
      <output className={is === "asking" || is === "making" ? "flex items-center gap-2 py-1 text-sm text-muted" : "sr-only"}>
        {(is === "asking" || is === "making") && <Spinner />}
        {is === "recording" ? t(state.recorder.paused ? "voice.paused" : "voice.recording") : is === "refused" ? "" : t(`voice.${is}`)}
      </output>
      {is === "refused" && (
        <div role="alert">
          <Notice
            look="warn"
            actions={
              <>
                <Button size="sm" onClick={again}>
                  {t("voice.again")}
                </Button>
                <Button size="sm" onClick={() => end()}>
                  {t("action.close")}
                </Button>
              </>
            }
          >
            {t(`voice.refused.${state.why}`)}
          </Notice>
        </div>
      )}
      {is === "recording" && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <Button look="quiet" size="sm" onClick={discard} aria-label={t("voice.discard")}>
              <Trash2 size={15} aria-hidden />
            </Button>
            <span aria-hidden className={`size-2.5 shrink-0 rounded-full ${state.recorder.paused ? "bg-faint" : "bg-danger-fill motion-safe:animate-pulse"}`} />
            <span role="timer" className="w-10 shrink-0 text-sm tabular-nums">
              {format.clock(state.recorder.seconds)}
            </span>
            <Waveform peaks={[...Array.from({ length: live - recent.length }, () => 0), ...recent]} played={1} className="h-7 min-w-24 flex-1" />
            <span className="ml-auto flex gap-2">
              <Button size="sm" onClick={() => toggle(state.recorder)}>
                {state.recorder.paused ? <Mic size={14} aria-hidden /> : <Pause size={14} aria-hidden />}
                {t(state.recorder.paused ? "voice.resume" : "voice.pause")}
              </Button>
              <Button size="sm" look="primary" ref={main} onClick={() => void make(state.recorder, state.way)}>
                <CircleStop size={14} aria-hidden />
                {t("voice.done")}
              </Button>
            </span>
          </div>
          {silent && !state.recorder.paused && <p className="pt-1 text-xs text-warn">{t("voice.silent")}</p>}
          {left <= nearEnd && <p className="pt-1 text-xs text-warn">{t("voice.left", { count: left })}</p>}
        </>
      )}
      {is === "ready" && (
        <div className="flex flex-wrap items-center gap-2">
          <div className="flex min-w-72 flex-1 items-center gap-2">
            <Button look="quiet" size="sm" onClick={discard} aria-label={t("voice.discard")}>
              <Trash2 size={15} aria-hidden />
            </Button>
            <div className="min-w-0 flex-1">
              <Player file={{ name: state.file.name, size: state.file.size, url: state.url }} shape={{ peaks: state.peaks, seconds: state.seconds }} />
            </div>
          </div>
          <span className="ml-auto flex gap-2">
            <Button size="sm" onClick={() => end(() => onAttach(state.file))}>
              <Paperclip size={14} aria-hidden />
              {t("voice.attach")}
            </Button>
            <Button size="sm" look="primary" ref={main} onClick={() => end(() => onSend(state.file))}>
              <SendHorizontal size={14} aria-hidden />
              {t("voice.send")}
            </Button>
          </span>
        </div>
      )}
    </section>
  );
}
