import { useLayoutEffect, useRef, type RefObject } from "react";

/** A value as it was last rendered, for callbacks that live longer than a render. */
export function useLatest<V>(value: V): RefObject<V> {
  const ref = useRef(value);
  useLayoutEffect(() => {
    ref.current = value;
  });
  return ref;
}
