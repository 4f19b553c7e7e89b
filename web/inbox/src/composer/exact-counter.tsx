import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { previewReply } from "../api/preview.ts";
import type { Id } from "../api/types.ts";
import { Counter } from "./counter.tsx";
import type { Length } from "./length.ts";
import type { Written } from "./preview.ts";
import { manySegments } from "./segments.ts";

const restMs = 400;

interface ExactCounterProps {
  conversation: Id;
  length: Length;
  write: () => Written;
}

/** Counts segments as the server does, with the line it adds (B2.3): it is asked when typing rests, and until it answers what it counted beyond our own estimate stays. */
export default function ExactCounter({ conversation, length, write }: ExactCounterProps) {
  const [beyond, setBeyond] = useState(0);
  const latest = useRef(write);
  useLayoutEffect(() => {
    latest.current = write;
  });
  useEffect(() => {
    if (length.is !== "segments") return;
    const abort = new AbortController();
    const timer = setTimeout(() => {
      previewReply(conversation, latest.current().parts, abort.signal)
        .then(({ pieces }) => setBeyond(pieces.reduce((sum, { segments }) => sum + (segments?.count ?? 0), 0) - length.segments))
        .catch(() => {}); // offline the estimate stays
    }, restMs);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [conversation, length]);
  if (length.is !== "segments") return <Counter length={length} />;
  const segments = Math.max(1, length.segments + beyond);
  return <Counter length={{ ...length, segments, many: segments >= manySegments }} />;
}
