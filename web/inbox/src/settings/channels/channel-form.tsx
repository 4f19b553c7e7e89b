import { useQuery, useQueryClient } from "@tanstack/react-query";
import { channelsQuery, teamsQuery } from "../../api/desk.ts";
import type { Channel } from "../../api/types.ts";
import { check } from "../../form/person.ts";
import { SaveBar } from "../../form/save-bar.tsx";
import { useForm, type Errors } from "../../form/use-form.ts";
import { useT, type Key } from "../../i18n/index.tsx";
import { Button } from "../../ui/button.tsx";
import { TextField } from "../../ui/field.tsx";
import { useMediaQuery } from "../../ui/media-query.ts";
import { Notice } from "../../ui/notice.tsx";
import { Select } from "../../ui/select.tsx";
import { useToast } from "../../ui/toast.tsx";
import { channelQuery, editChannel, schedulesQuery, type ChannelChange, type Setting } from "../api.ts";
import { Group } from "../section.tsx";
import { settingGroups } from "./kinds.ts";
import { Preview } from "./preview.tsx";
import { SettingField } from "./setting-field.tsx";
import { faultOf, fieldOf, readSetting, writeSettings, type Value } from "./settings.ts";

interface Values {
  name: string;
  team_id: string;
  schedule_id: string;
  [setting: `settings.${string}`]: Value;
}

const none = "0";

/** The form of any channel, drawn from what its kind says of its settings; beside it what customers will see. */
export function ChannelForm({ channel, form: settings }: { channel: Channel; form: readonly Setting[] }) {
  const t = useT();
  const queries = useQueryClient();
  const toast = useToast();
  const beside = useMediaQuery("(min-width: 1180px)");
  const { data: teams = [] } = useQuery(teamsQuery);
  const { data: schedules = [] } = useQuery(schedulesQuery);
  const read = (from: Channel): Values => ({
    name: from.name,
    team_id: String(from.team_id),
    schedule_id: String(from.schedule_id),
    ...Object.fromEntries(settings.map((setting) => [fieldOf(setting), readSetting(setting, from.settings ?? {})])),
  });
  const form = useForm<Values>({
    initial: read(channel),
    check: (values): Errors<Values> => {
      const faults = settings.map((setting) => {
        const fault = faultOf(setting, values[fieldOf(setting)] ?? "");
        return [fieldOf(setting), fault ? t(`channels.fault.${fault}`, { max: setting.max_runes ?? 0 }) : ""];
      });
      return { ...Object.fromEntries(faults), name: check.filled(t, values.name) } as Errors<Values>;
    },
    save: async (values, changed) => {
      const change: ChannelChange = { version: channel.version };
      if (changed.name !== undefined) change.name = values.name.trim();
      if (changed.team_id !== undefined) change.team_id = Number(values.team_id);
      if (changed.schedule_id !== undefined) change.schedule_id = Number(values.schedule_id);
      if (Object.keys(changed).some((field) => field.startsWith("settings."))) change.settings = writeSettings(settings, { ...values }, channel.settings ?? {});
      const kept = await editChannel(channel.id, change);
      queries.setQueryData(channelQuery(channel.id).queryKey, kept);
      await queries.invalidateQueries({ queryKey: channelsQuery.queryKey });
      toast.say(t("channels.saved"));
      return read(kept);
    },
  });
  const { values } = form;
  const groups = settingGroups[channel.kind] ?? [];
  const named = new Set(groups.flatMap(({ names }) => names));
  const rest = settings.filter(({ name }) => !named.has(name));
  const field = (setting: Setting) => (
    <SettingField
      key={setting.name}
      kind={channel.kind}
      setting={setting}
      value={values[fieldOf(setting)] ?? ""}
      onChange={(value) => form.set({ [fieldOf(setting)]: value } as Partial<Values>)}
      onLeave={() => form.left(fieldOf(setting))}
      error={form.error(fieldOf(setting))}
      disabled={false}
    />
  );
  const preview = channel.kind === "webchat" && (
    <Preview
      account={channel.account}
      name={values.name}
      settings={Object.fromEntries(settings.map((setting) => [setting.name, values[fieldOf(setting)]]))}
      schedule={schedules.find(({ id }) => String(id) === values.schedule_id) ?? null}
    />
  );
  return (
    <div className="flex items-start gap-8">
      <form {...form.props} className="flex min-w-0 flex-1 flex-col gap-6">
        {form.problem?.code === "edited_meanwhile" && (
          <Notice
            look="warn"
            actions={<Button onClick={() => void queries.invalidateQueries({ queryKey: channelQuery(channel.id).queryKey })}>{t("channels.reload")}</Button>}
          >
            {t("channels.edited_meanwhile")}
          </Notice>
        )}
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
              hint={t("channels.schedule_hint")}
              value={values.schedule_id}
              onChange={(schedule_id) => form.set({ schedule_id })}
              options={[{ value: none, label: t("channels.schedule_none") }, ...schedules.map(({ id, name }) => ({ value: String(id), label: name }))]}
            />
          </div>
        </Group>
        {groups.map(({ id, names }) => {
          const fields = names.flatMap((name) => settings.filter((setting) => setting.name === name));
          if (fields.length === 0) return null;
          const short = (setting: Setting) => setting.type === "choice" || setting.type === "color" || setting.type === "text" || setting.type === "url";
          return (
            <Group key={id} title={t(`channels.group.${id}` as Key)} hint={t(`channels.group.${id}_hint` as Key)}>
              {fields.some((setting) => !short(setting)) && fields.filter((setting) => !short(setting)).map(field)}
              {fields.some(short) && <div className="grid items-start gap-4 sm:grid-cols-2">{fields.filter(short).map(field)}</div>}
            </Group>
          );
        })}
        {rest.length > 0 && <Group title={t("channels.group.more")}>{rest.map(field)}</Group>}
        {!beside && preview && <Group title={t("preview.title")}>{preview}</Group>}
        <SaveBar form={form} />
      </form>
      {beside && preview && (
        <aside aria-label={t("preview.title")} className="sticky top-6 w-[26rem] shrink-0">
          {preview}
        </aside>
      )}
    </div>
  );
}
