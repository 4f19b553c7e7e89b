import type { ComponentProps, ReactNode } from "react";
import { Spinner } from "./spinner.tsx";
import { Tooltip } from "./tooltip.tsx";

const looks = {
  primary: "bg-accent-fill text-on-accent hover:bg-accent-fill-hover font-medium",
  plain: "border border-strong-line bg-surface text-ink hover:bg-hover",
  quiet: "text-ink hover:bg-hover data-[popup-open]:bg-hover",
  danger: "bg-danger-fill text-on-accent font-medium hover:opacity-90",
} as const;

const sizes = { sm: "reach min-h-7 px-2 text-xs gap-1 pointer-coarse:min-h-9", md: "reach min-h-8 px-3 text-sm gap-1.5 pointer-coarse:min-h-10", lg: "reach min-h-10 px-4 text-base gap-2" } as const;

type BaseProps = Omit<ComponentProps<"button">, "className">;

export interface ButtonProps extends BaseProps {
  look?: keyof typeof looks;
  size?: keyof typeof sizes;
  /** Shows work in progress; the button keeps its width and cannot be pressed again. */
  busy?: boolean;
  className?: string;
}

/** A button with words on it. One `primary` per screen at most. */
export function Button({ look = "plain", size = "md", busy = false, className = "", children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={`relative inline-flex shrink-0 items-center justify-center rounded whitespace-nowrap select-none disabled:opacity-55 ${looks[look]} ${sizes[size]} ${className}`}
    >
      {busy && (
        <span className="absolute inset-0 grid place-items-center">
          <Spinner />
        </span>
      )}
      <span className={`inline-flex items-center justify-center gap-[inherit] ${busy ? "invisible" : ""}`}>{children}</span>
    </button>
  );
}

export interface IconButtonProps extends BaseProps {
  /** Its name: read out, and shown on hover. */
  label: string;
  /** A shortcut shown beside the name, e.g. "E". */
  shortcut?: string | undefined;
  children: ReactNode;
  size?: "sm" | "md";
  pressed?: boolean;
  className?: string;
  side?: "top" | "bottom" | "left" | "right";
}

/** A button with an icon only. */
export function IconButton({ label, shortcut, size = "md", pressed, className = "", side = "bottom", children, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut} side={side}>
      <button
        type="button"
        {...rest}
        aria-label={label}
        aria-pressed={pressed}
        className={`reach inline-grid shrink-0 place-items-center rounded text-muted select-none hover:bg-hover hover:text-ink disabled:opacity-45 aria-pressed:bg-accent-soft aria-pressed:text-accent data-[popup-open]:bg-hover ${size === "sm" ? "size-6 pointer-coarse:size-8" : "size-8 pointer-coarse:size-10"} ${className}`}
      >
        {children}
      </button>
    </Tooltip>
  );
}
