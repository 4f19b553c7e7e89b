import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useSession } from "../../api/session.ts";
import { useLanguage } from "../../i18n/index.tsx";
import { useNow } from "../../i18n/now.ts";
import { Button } from "../../ui/button.tsx";
import { Notice } from "../../ui/notice.tsx";
import { useToast } from "../../ui/toast.tsx";
import { mailQuery, testMail } from "../api.ts";
import { Group } from "../section.tsx";

/** Whether the desk sends e-mails, what keeps it from that, and a way to see. */
export function MailState() {
  const { t, format } = useLanguage();
  const now = useNow();
  const toast = useToast();
  const { user } = useSession();
  const { data } = useQuery(mailQuery);
  const queries = useQueryClient();
  const test = useMutation({
    mutationFn: testMail,
    onSuccess: () => toast.say(t("mail.tested", { email: user.email })),
    onError: (error) => void toast.problem(error),
    onSettled: () => queries.invalidateQueries(mailQuery), // what was found out stands here
  });
  if (!data) return null;
  if (!data.on) {
    return (
      <Group title={t("mail.title")}>
        <Notice>{t("mail.off")}</Notice>
      </Group>
    );
  }
  const { fault } = data;
  return (
    <Group title={t("mail.title")} hint={t("mail.on", { from: data.from, server: data.server })}>
      {fault && <Notice look="warn">{t(fault.code ? "mail.refused" : "mail.unreached", { at: format.moment(new Date(fault.at), now), code: fault.code })}</Notice>}
      <div>
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          {t("mail.test", { email: user.email })}
        </Button>
      </div>
    </Group>
  );
}
