import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { demoQuery } from "../../api/desk.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { Confirm } from "../../ui/dialog.tsx";
import { useToast } from "../../ui/toast.tsx";
import { loadDemo, removeDemo } from "../api.ts";
import { Section, useMay } from "../section.tsx";

/** Sample conversations, there and gone in one click. */
export function DemoPage() {
  const t = useT();
  const may = useMay("demo");
  const toast = useToast();
  const queries = useQueryClient();
  const { data: demo } = useQuery(demoQuery);
  const [asking, setAsking] = useState(false);
  const change = useMutation({
    mutationFn: (load: boolean) => (load ? loadDemo() : removeDemo()),
    onSuccess: async (_, load) => {
      setAsking(false);
      queries.setQueryData(demoQuery.queryKey, { loaded: load });
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "session" });
      toast.say(t(load ? "demo.loaded" : "demo.removed"));
    },
    onError: (error) => void toast.problem(error),
  });
  return (
    <Section id="demo">
      {demo && (
        <div className="flex flex-wrap items-center gap-4 rounded-md border border-line p-4">
          <FlaskConical size={22} aria-hidden className="text-muted" />
          <div className="min-w-0 flex-1 basis-56">
            <p className="font-medium">{t(demo.loaded ? "demo.is_loaded" : "demo.is_empty")}</p>
            <p className="text-sm text-muted">{t(demo.loaded ? "demo.is_loaded_hint" : "demo.is_empty_hint")}</p>
          </div>
          {demo.loaded ? (
            <>
              <Link to="/" className="text-sm">
                {t("app.to_inbox")}
              </Link>
              <Button disabled={!may} onClick={() => setAsking(true)}>
                {t("demo.remove")}
              </Button>
            </>
          ) : (
            <Button look="primary" disabled={!may} busy={change.isPending} onClick={() => change.mutate(true)}>
              {t("demo.load")}
            </Button>
          )}
        </div>
      )}
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={t("demo.remove_question")}
        description={t("demo.remove_hint")}
        confirm={t("demo.remove")}
        danger
        busy={change.isPending}
        onConfirm={() => change.mutate(false)}
      />
    </Section>
  );
}
