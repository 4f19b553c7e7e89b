import { Eye, EyeOff } from "lucide-react";
import { useState, type ComponentProps } from "react";
import { useT } from "../i18n/index.tsx";
import { IconButton } from "./button.tsx";
import { TextField } from "./field.tsx";

/** A password, which can be shown. Say with `autoComplete` whether it is a new one. */
export function PasswordField(props: Omit<ComponentProps<typeof TextField>, "type" | "end"> & { autoComplete: "current-password" | "new-password" }) {
  const t = useT();
  const [shown, setShown] = useState(false);
  return (
    <TextField
      {...props}
      type={shown ? "text" : "password"}
      spellCheck={false}
      autoCapitalize="none"
      end={
        <IconButton label={t(shown ? "ui.password_hide" : "ui.password_show")} pressed={shown} onClick={() => setShown(!shown)} size="sm" className="size-7" side="top">
          {shown ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
        </IconButton>
      }
    />
  );
}
