import { useMutation } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { Channel } from "../../api/types.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyButton } from "../../ui/copy.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { Segmented } from "../../ui/segmented.tsx";
import { useToast } from "../../ui/toast.tsx";
import { rotateIdentifySecret } from "../api.ts";
import { OneTime } from "../one-time.tsx";
import { Group } from "../section.tsx";
import { examples, hostPageExample, type Example } from "./identify-examples.ts";

/** How a site tells us who its signed-in visitors are, so that nobody can claim to be another (F4). */
export function Identify({ channel }: { channel: Channel }) {
  const t = useT();
  const toast = useToast();
  const [asking, setAsking] = useState(false);
  const [secret, setSecret] = useState("");
  const [example, setExample] = useState<Example>("node");
  const rotate = useMutation({
    mutationFn: () => rotateIdentifySecret(channel.id),
    onSuccess: ({ secret }) => {
      setAsking(false);
      setSecret(secret);
    },
    onError: (error) => void toast.problem(error),
  });
  return (
    <Group
      title={t("identify.title")}
      hint={t("identify.hint")}
      actions={
        <Button onClick={() => setAsking(true)}>
          <KeyRound size={15} aria-hidden /> {t("identify.rotate")}
        </Button>
      }
    >
      <details className="rounded-md border border-line px-4 py-3">
        <summary className="w-fit cursor-default rounded text-sm font-medium">{t("identify.example")}</summary>
        <div className="mt-3 flex flex-col gap-3">
          <p className="text-sm text-muted">{t("identify.step_sign")}</p>
          <Segmented label={t("identify.language")} value={example} onChange={setExample} options={(Object.keys(examples) as Example[]).map((value) => ({ value, label: examples[value].name }))} className="self-start" />
          <Code text={examples[example].code} />
          <p className="text-sm text-muted">{t("identify.step_page")}</p>
          <Code text={hostPageExample} />
          <p className="text-sm text-muted">{t("identify.step_logout")}</p>
        </div>
      </details>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t("identify.rotate")}
        description={t("identify.rotate_hint")}
        confirm={t("identify.rotate_do")}
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate()}
      />
      {secret && <OneTime title={t("identify.secret")} label={t("identify.secret")} text={secret} warning={t("identify.once")} onClose={() => setSecret("")} />}
    </Group>
  );
}

function Code({ text }: { text: string }) {
  const t = useT();
  return (
    <div className="flex flex-col items-start gap-2 rounded bg-sunken p-3">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable by keyboard */}
      <pre tabIndex={0} aria-label={t("identify.example")} className="w-full overflow-x-auto font-mono text-xs leading-5">
        {text}
      </pre>
      <CopyButton text={text} />
    </div>
  );
}
