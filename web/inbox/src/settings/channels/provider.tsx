import { useQuery, useQueryClient } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { channelsQuery, teamsQuery } from "../../api/desk.ts";
import type { Channel } from "../../api/types.ts";
import { Waiting } from "../../app/outcomes.tsx";
import { check } from "../../form/person.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm, type Errors } from "../../form/use-form.ts";
import { useT } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { TextField } from "../../ui/field.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { channelQuery, editChannel, kindQuery, schedulesQuery, type ChannelChange, type Setting } from "../api.ts";
import { Group } from "../section.tsx";
import { Connection } from "./connection.tsx";
import { Practice } from "./practice.tsx";
import { readProvider, writeProvider, type ProviderValues } from "./provider.ts";
import { Seen } from "./seen-by-customer.tsx";
import { SettingField } from "./setting-field.tsx";
import { faultOf, fieldOf } from "./settings.ts";

const none = "0";

/** A channel of a provider: the steps that connect it, whether it works, and how it is kept here. */
export function ProviderChannel({ channel }: { channel: Channel }) {
  const { data: kind } = useQuery(kindQuery(channel.kind));
  if (!kind) return <Waiting />;
  return <Connected channel={channel} kind={kind} />;
}

type Kind = NonNullable<Awaited<ReturnType<NonNullable<ReturnType<typeof kindQuery>["queryFn"]>>>>;

function Connected({ channel, kind }: { channel: Channel; kind: Kind }) {
  const t = useT();
  const queries = useQueryClient();
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const settings = kind.settings.filter(({ type }) => type !== "made");
  const kept = new Set(channel.secrets_set ?? []);
  const form = useForm<ProviderValues>({
    initial: readProvider(channel, settings),
    check: (values): Errors<ProviderValues> => {
      const faults = settings.map((setting) => {
        const value = values[fieldOf(setting)] ?? "";
        const secret = setting.type === "secret" && value === "" && kept.has(setting.name);
        const fault = secret ? null : faultOf({ ...setting, type: setting.type === "secret" ? "text" : setting.type }, value);
        return [fieldOf(setting), fault ? t(`channels.fault.${fault}`, { max: setting.max_runes ?? 0 }) : ""];
      });
      return { ...Object.fromEntries(faults), name: check.filled(t, values.name) } as Errors<ProviderValues>;
    },
    save: async (values, changed) => {
      const change: ChannelChange = { version: channel.version, ...writeProvider(settings, values, changed, channel) };
      const saved = await editChannel(channel.id, change);
      queries.setQueryData(channelQuery(channel.id).queryKey, saved);
      await queries.invalidateQueries({ queryKey: channelsQuery.queryKey });
      return readProvider(saved, settings);
    },
  });
  const { values } = form;
  const field = (setting: Setting) => (
    <SettingField
      key={setting.name}
      kind={channel.kind}
      setting={kept.has(setting.name) ? { ...setting, required: false } : setting}
      words={kind.texts}
      kept={kept.has(setting.name) ? t("channels.secret_kept") : ""}
      value={values[fieldOf(setting)] ?? ""}
      onChange={(value) => form.set({ [fieldOf(setting)]: value } as Partial<ProviderValues>)}
      onLeave={() => form.left(fieldOf(setting))}
      error={form.error(fieldOf(setting))}
      disabled={false}
    />
  );
  const named = new Set(kind.steps.flatMap(({ fields }) => fields ?? []));
  const rest = settings.filter(({ name, advanced }) => !named.has(name) && !advanced);
  const advanced = settings.filter(({ name, advanced: hidden }) => !named.has(name) && hidden);
  const unreachable = !kind.elsewhere && kind.steps.some(({ copy }) => copy?.includes("callback")) && !channel.copied?.callback?.startsWith("https:");
  return (
    <>
      {kind.simulated && <Practice channel={channel} kind={kind} dirty={form.dirty} />}
      <Connection channel={channel} kind={kind} dirty={form.dirty} />
      <Seen channel={channel} kind={kind} dirty={form.dirty} />
      <form {...form.props} className="flex min-w-0 flex-col gap-6">
        {form.problem?.code === "edited_meanwhile" && (
          <Notice look="warn" actions={<Button onClick={() => void queries.invalidateQueries({ queryKey: channelQuery(channel.id).queryKey })}>{t("channels.reload")}</Button>}>
            {t("channels.edited_meanwhile")}
          </Notice>
        )}
        {unreachable && <Notice look="warn">{t("channels.callback_local")}</Notice>}
        {kind.steps.map((step, i) => (
          <Group
            key={step.name}
            title={t("channels.step", { n: i + 1, title: kind.texts[`step.${step.name}`] ?? step.name })}
            hint={<span className="whitespace-pre-line">{kind.texts[`step.${step.name}.text`] ?? ""}</span>}
            actions={
              step.link && (
                <a href={step.link} target="_blank" rel="noopener noreferrer" className="inline-flex pressed items-center gap-1.5 text-sm">
                  {t("channels.console")} <ExternalLink size={14} aria-hidden />
                </a>
              )
            }
          >
            {(step.copy ?? []).map((name) => (
              <div key={name} className="flex flex-col gap-1">
                <span className="text-sm font-medium">{name === "callback" ? t("channels.callback") : (kind.texts[`setting.${name}`] ?? name)}</span>
                <CopyText label={name === "callback" ? t("channels.callback") : (kind.texts[`setting.${name}`] ?? name)} text={channel.copied?.[name] ?? ""} />
              </div>
            ))}
            {(step.fields ?? []).flatMap((name) => settings.filter((setting) => setting.name === name)).map(field)}
          </Group>
        ))}
        {rest.length > 0 && <Group title={t("channels.group.more")}>{rest.map(field)}</Group>}
        <Group title={t("channels.general")}>
          <TextField {...form.text("name")} label={t("channels.name")} hint={t("channels.name_hint")} maxLength={60} autoComplete="off" />
          <div className="grid gap-4 sm:grid-cols-2">
            <Select
              label={t("channels.team")}
              hint={t("channels.team_hint")}
              value={values.team_id}
              onChange={(team_id) => form.set({ team_id })}
              options={[{ value: none, label: t("channels.team_none") }, ...teams.map(({ id, name }) => ({ value: String(id), label: name }))]}
            />
            <Select
              label={t("channels.schedule")}
              value={values.schedule_id}
              onChange={(schedule_id) => form.set({ schedule_id })}
              options={[{ value: none, label: t("channels.schedule_none") }, ...schedules.map(({ id, name }) => ({ value: String(id), label: name }))]}
            />
          </div>
        </Group>
        {advanced.length > 0 && (
          <details className="border-t border-line pt-5">
            <summary className="cursor-pointer font-semibold">{t("channels.advanced")}</summary>
            <div className="mt-4 flex flex-col gap-4">{advanced.map(field)}</div>
          </details>
        )}
        <SaveBar form={form} />
      </form>
    </>
  );
}
