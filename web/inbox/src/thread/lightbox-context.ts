import { createContext, use } from "react";
import type { Id } from "../api/types.ts";

/** Opens the picture with this attachment id; focus returns to `from`. */
export type OpenLightbox = (attachment: Id, from: HTMLElement) => void;

export const LightboxContext = createContext<OpenLightbox>(() => {});
export const useLightbox = () => use(LightboxContext);
