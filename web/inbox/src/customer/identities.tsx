import { useQueryClient } from "@tanstack/react-query";
import { Ban, CircleCheck, MessageSquarePlus } from "lucide-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { blockIdentity, unblockIdentity } from "../api/contacts.ts";
import { contactQuery } from "../api/desk.ts";
import { startConversation } from "../api/later.ts";
import { usePermission } from "../api/session.ts";
import type { Contact, Identity, Row } from "../api/types.ts";
import { phoneShown } from "../contacts/phone.ts";
import { FormDialog } from "../form/form-dialog.tsx";
import { useForm } from "../form/use-form.ts";
import { useLanguage } from "../i18n/index.tsx";
import { useNow } from "../i18n/now.ts";
import { useKnownChannels, useMember, useSpecs } from "../inbox/directory.tsx";
import { ChannelIcon } from "../list/channel-icon.tsx";
import { contactName } from "../list/row.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button, IconButton } from "../ui/button.tsx";
import { Textarea } from "../ui/field.tsx";
import { Switch } from "../ui/switch.tsx";
import { hasTwin, knownAs } from "./known-as.ts";
import { OptOut } from "./opt-out.tsx";
import { useToast } from "../ui/toast.tsx";

/** The ways a contact reaches us, whether a reply would arrive, and the switch that shuts one out (F11, F12). */
export function Identities({ contact, row }: { contact: Contact; row?: Row }) {
  return (
    <ul className="flex flex-col gap-1">
      {(contact.identities ?? []).map((identity) => (
        <Line key={identity.id} contact={contact} identity={identity} {...(row?.identity_id === identity.id ? { row } : {})} />
      ))}
    </ul>
  );
}

function Line({ contact, identity, row }: { contact: Contact; identity: Identity; /** Their conversation, if it is the one beside. */ row?: Row }) {
  const { t, rich, format } = useLanguage();
  const now = useNow();
  const may = usePermission("identity.block");
  const writes = usePermission("conversation.reply");
  const navigate = useNavigate();
  const toast = useToast();
  const queries = useQueryClient();
  const channel = useKnownChannels().find((one) => one.id === identity.channel_id);
  const by = useMember(identity.blocked_by);
  const [asking, setAsking] = useState(false);
  const reach = (["channel_off", "left", "opted_out", "unreachable"] as const).find((one) => one === identity.reach);
  const name = identity.name || contactName(contact.name, t);
  const spec = useSpecs().find(({ kind }) => kind === identity.kind);
  const all = contact.identities ?? [];
  // Two browsers of one person have no number to tell them by: the one that somebody sat at last is the one to write to.
  const wrote = () => (identity.last_in_at ? t("customer.wrote", { at: format.moment(new Date(identity.last_in_at), now) }) : t("customer.never_wrote"));
  const known = knownAs(identity, all, spec);
  const apart = known && known !== phoneShown(name);
  const heard = !known && hasTwin(identity, all) ? wrote() : "";
  const called = apart || heard ? `${name} ${known || heard}` : name; // two of one channel would have buttons of one name
  const keep = async (now: Contact) => {
    queries.setQueryData(contactQuery(contact.id).queryKey, now);
    await queries.invalidateQueries({ queryKey: ["contact", contact.id, "timeline"] });
    void queries.invalidateQueries({ queryKey: ["contacts"] });
  };
  const write = async () => {
    try {
      const { id } = await startConversation(contact.id, identity.id);
      await navigate({ to: "/", search: { view: "all", c: String(id) } });
    } catch (error) {
      toast.problem(error);
    }
  };
  const unblock = async () => {
    try {
      await keep(await unblockIdentity(identity.id));
      toast.say(t("customer.unblocked", { name }));
    } catch (error) {
      toast.problem(error);
    }
  };
  return (
    <li>
      <div className="flex min-h-7 items-center gap-2 text-sm">
        <span className="flex text-muted">
          <ChannelIcon kind={identity.kind} id={identity.channel_id} />
        </span>
        <span className="min-w-16 flex-1 truncate">
          <bdi>{name}</bdi> {apart && <bdi className="text-xs text-muted tabular-nums">{known}</bdi>}
        </span>
        <bdi className="truncate text-xs text-muted">{channel?.name}</bdi>
        {identity.blocked ? (
          <Badge look="danger">{t("customer.blocked")}</Badge>
        ) : (
          reach && <Badge look="warn">{t(`customer.reach.${reach}`)}</Badge>
        )}
        {(row ?? identity).standing?.mail_stopped_at && <Badge look="warn">{t("customer.mails_stopped")}</Badge>}
        {row && !identity.blocked && <OptOut row={row} name={name} />}
        {writes && !row && identity.reach === "reachable" && (
          <IconButton size="sm" label={t("customer.write_to", { name: called, channel: channel?.name ?? "" })} onClick={() => void write()}>
            <MessageSquarePlus size={14} aria-hidden />
          </IconButton>
        )}
        {may &&
          (identity.blocked ? (
            <IconButton size="sm" label={t("customer.unblock", { name: called })} onClick={() => void unblock()}>
              <CircleCheck size={14} aria-hidden />
            </IconButton>
          ) : (
            <IconButton size="sm" label={t("customer.block", { name: called })} onClick={() => setAsking(true)}>
              <Ban size={14} aria-hidden />
            </IconButton>
          ))}
      </div>
      {heard && <p className="pl-6 text-xs text-muted">{heard}</p>}
      {identity.blocked && identity.blocked_reason && (
        <p className="pl-6 text-xs text-muted">{rich(by ? "customer.blocked_by" : "customer.blocked_why", { reason: <bdi>{identity.blocked_reason}</bdi>, ...(by ? { name: <bdi>{by.name}</bdi> } : {}) })}</p>
      )}
      {asking && <BlockDialog identity={identity} name={name} onClose={() => setAsking(false)} onBlocked={keep} />}
    </li>
  );
}

const reasons = ["spam", "abuse", "unwanted"] as const;

/** Asks why, and says what will happen. */
function BlockDialog({ identity, name, onClose, onBlocked }: { identity: Identity; name: string; onClose: () => void; onBlocked: (now: Contact) => Promise<void> }) {
  const { t } = useLanguage();
  const form = useForm({
    initial: { reason: "", spam: true },
    check: ({ reason }) => ({ reason: reason.trim() ? undefined : t("customer.block_why") }),
    save: async ({ reason, spam }) => {
      await onBlocked(await blockIdentity(identity.id, reason.trim(), spam));
      onClose();
    },
  });
  return (
    <FormDialog form={form} title={t("customer.block_question", { name })} description={t("customer.block_hint")} submit={t("customer.block_do")} danger onClose={onClose}>
      <Textarea {...form.text("reason")} label={t("customer.block_reason")} required maxLength={500} rows={2} />
      <div className="flex flex-wrap gap-1.5">
        {reasons.map((one) => (
          <Button key={one} size="sm" onClick={() => form.set({ reason: t(`customer.block_reason.${one}`) })}>
            {t(`customer.block_reason.${one}`)}
          </Button>
        ))}
      </div>
      <Switch label={t("customer.block_spam")} checked={form.values.spam} onChange={(spam) => form.set({ spam })} />
    </FormDialog>
  );
}
