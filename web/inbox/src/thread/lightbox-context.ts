import { createContext, useContext } from "react";
import type { Id } from "../api/types.ts";

/** Opens the picture with this attachment id; focus returns to `from`. */
export type OpenLightbox = (attachment: Id, from: HTMLElement) => void;

export const LightboxContext = createContext<OpenLightbox>(() => {});
export const useLightbox = () => useContext(LightboxContext);
