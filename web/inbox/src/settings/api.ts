import type { components } from "@madoguchi/api";
import { queryOptions } from "@tanstack/react-query";
import { get, patch, post, put, remove, request } from "../api/request.ts";
import type { CannedReply, Channel, ChannelKind, CustomAvailability, Export, Field, Id, Labels, Member, Page, Role, Session, Tag, Team, Template, Workspace } from "../api/types.ts";

/** The calls of the settings, one function per operation of the contract. */
type Schemas = components["schemas"];

export type Interval = Schemas["Interval"];
export type Schedule = Omit<Schemas["Schedule"], "week" | "closed" | "special"> & { week: (Interval[] | null)[]; closed: string[] | null; special: Record<string, Interval[] | null> | null };
export type ScheduleBody = { name: string; zone: string; week: Interval[][]; closed: string[]; special: Record<string, Interval[]> };
export type Invitation = Schemas["Invitation"];
export type Invite = Schemas["Invite"];
export type Invited = Schemas["Invited"];
export type APIKey = Schemas["APIKey"];
export type Setting = Schemas["Setting"];

const list = <T>(path: string) => async () => (await get<Page<T>>(path)).items ?? [];
const once = () => ({ idempotencyKey: crypto.randomUUID() });

export const invitesQuery = queryOptions({ queryKey: ["invites"], queryFn: list<Invite>("/invites"), staleTime: 0 });
export const schedulesQuery = queryOptions({ queryKey: ["schedules"], queryFn: list<Schedule>("/schedules"), staleTime: 0 });
export const apiKeysQuery = queryOptions({ queryKey: ["api-keys"], queryFn: list<APIKey>("/api-keys"), staleTime: 0 });
export const kindQuery = (kind: string) => queryOptions({ queryKey: ["channel-kinds", kind], queryFn: () => get<ChannelKind>(`/channel-kinds/${kind}`), staleTime: Infinity });
export const channelQuery = (id: Id) => queryOptions({ queryKey: ["channel", id], queryFn: () => get<Channel>(`/channels/${id}`), staleTime: 0, refetchInterval: 30_000 });

export const editProfile = (change: { name?: string; locale?: string; zone?: string }) => patch<Session>("/session", change);
export const changePassword = (current: string, next: string) => post<void>("/session/password", { current, new: next });
export const enterWorkspace = (workspace_id: Id) => put<Session>("/session/workspace", { workspace_id });
export const editMember = (id: Id, change: { role?: Role; custom_role_id?: Id; display_name?: string; active?: boolean; scope?: Member["scope"]; capacity?: number; channel_ids?: Id[]; grants?: string[] }) => patch<Member>(`/members/${id}`, change);
export const mailQuery = queryOptions({ queryKey: ["mail"], queryFn: () => get<components["schemas"]["MailState"]>("/mail") });
export const testMail = () => post<void>("/mail/test");
export const editWorkspace = (change: Partial<Omit<Workspace, "id">> & { external_links_seen?: Workspace["external_links"] }) => patch<Workspace>("/workspace", change);

/** Sends a picture of oneself; the server makes it small and square. */
export function sendAvatar(file: File): Promise<Member> {
  const form = new FormData();
  form.append("file", file);
  return request<Member>("POST", "/members/me/avatar", { form });
}

export const invite = (email: string, role: { role: Role } | { custom_role_id: Id }) => post<Invited>("/invites", { email, ...role }, once());
export const withdrawInvite = (id: Id) => remove<void>(`/invites/${id}`);

/** What a form says of a team. */
export type TeamDraft = Pick<Team, "name" | "member_ids" | "mode" | "accept" | "ageing">;

export const addTeam = (team: TeamDraft) => post<Team>("/teams", team, once());
export const editTeam = (id: Id, change: Partial<TeamDraft>) => patch<Team>(`/teams/${id}`, change);
export const addAvailability = (status: AvailabilityDraft) => post<CustomAvailability>("/availabilities", status, once());
export const editAvailability = (id: Id, status: AvailabilityDraft) => put<CustomAvailability>(`/availabilities/${id}`, status);
export const removeAvailability = (id: Id) => remove<void>(`/availabilities/${id}`);

/** What a form says of a status of the workspace's own. */
export type AvailabilityDraft = Pick<CustomAvailability, "name" | "means" | "reassigns">;

export const removeTeam = (id: Id) => remove<void>(`/teams/${id}`);

export const addTag = (tag: { name: string; color: string }) => post<Tag>("/tags", tag, once());
export const editTag = (id: Id, change: { name?: string; color?: string }) => patch<Tag>(`/tags/${id}`, change);
export const removeTag = (id: Id) => remove<void>(`/tags/${id}`);

export const addSchedule = (body: ScheduleBody) => post<Schedule>("/schedules", body, once());
export const editSchedule = (id: Id, body: ScheduleBody) => put<Schedule>(`/schedules/${id}`, body);
export const scheduleUsersQuery = (id: Id) => queryOptions({ queryKey: ["schedules", id, "users"], queryFn: list<Schemas["ScheduleUser"]>(`/schedules/${id}/users`), staleTime: 0 });
/** What takes the place of opening hours where nothing limits the time any more. */
export const alwaysOpen = "always";

/** Deletes opening hours; `instead` takes their place where something goes by them, "" = nothing does. */
export const removeSchedule = (id: Id, instead: string) =>
  remove<void>(`/schedules/${id}${instead === alwaysOpen ? "?always_open=true" : instead && `?replacement=${instead}`}`);

export interface ChannelChange {
  name?: string;
  automation?: NonNullable<Channel["automation"]>;
  settings?: Record<string, unknown>;
  secrets?: Record<string, string>;
  team_id?: Id;
  schedule_id?: Id;
  state?: "active" | "disabled";
  version: number;
}
export const addChannel = (channel: { kind: string; name: string }) => post<Channel>("/channels", channel, once());
export const editChannel = (id: Id, change: ChannelChange) => patch<Channel>(`/channels/${id}`, change);
/** Asks the provider; confirm lets the channel have another account than before. */
export const probeChannel = (id: Id, confirm = false) => post<Channel>(`/channels/${id}/probe`, { confirm });
export const subscribeChannel = (id: Id) => post<void>(`/channels/${id}/subscription`);
export type ChannelReport = Schemas["ChannelReport"];
export const channelHealthQuery = (id: Id) => queryOptions({ queryKey: ["channel", id, "health"], queryFn: () => get<ChannelReport>(`/channels/${id}/health`), staleTime: 0, refetchInterval: 30_000 });
export const templatesQuery = (id: Id) => queryOptions({ queryKey: ["channel", id, "templates"], queryFn: list<Template>(`/channels/${id}/templates`), staleTime: 0 });
export const syncTemplates = async (id: Id) => (await post<Page<Template>>(`/channels/${id}/templates/sync`)).items ?? [];
export const addTemplate = (id: Id, template: Schemas["PostTemplateBody"]) => post<Template>(`/channels/${id}/templates`, template);
/** Hands the provider a sample of a template's header that is a file. */
export function sendTemplateSample(id: Id, file: File): Promise<{ sample: string }> {
  const form = new FormData();
  form.append("file", file);
  return request<{ sample: string }>("POST", `/channels/${id}/template-samples`, { form });
}
export const removeTemplate = (id: Id, template: Id) => remove<void>(`/channels/${id}/templates/${template}`);
export const removeChannel = (id: Id) => remove<void>(`/channels/${id}`);
export const rotateIdentifySecret = (id: Id) => post<{ secret: string }>(`/channels/${id}/identify-secret`);

export const addAPIKey = (body: { name: string; role?: Role; custom_role_id?: Id; permissions: string[]; expires_at?: string }) => post<{ api_key: APIKey; secret: string }>("/api-keys", body, once());
export const revokeAPIKey = (id: Id) => remove<void>(`/api-keys/${id}`);

export interface FieldBody {
  label: Labels;
  options: { id: string; label: Labels }[];
  required: boolean;
}
export const addField = (field: FieldBody & { subject: Field["subject"]; key: string; kind: Field["kind"] }) => post<Field>("/fields", field, once());
export const editField = (field: Field, body: Partial<FieldBody>) => patch<Field>(`/fields/${field.id}`, { ...body, version: field.version });
export const orderFields = (subject: Field["subject"], ids: Id[]) => put<Page<Field>>("/fields/order", { subject, ids });
export const retireField = (id: Id) => remove<void>(`/fields/${id}`);
export const restoreField = (id: Id) => post<Field>(`/fields/${id}/restore`);
export const eraseField = (id: Id) => remove<void>(`/fields/${id}/values`);

export interface ExportBody {
  kind: Export["kind"];
  format: Export["format"];
  bom: boolean;
  notes: boolean;
  since?: string;
  until?: string;
}
const pulseMs = 1000;
const going = (one: Export) => one.state === "queued" || one.state === "running";
/** The member's exports; read again every second while one is being made. */
export const exportsQuery = queryOptions({ queryKey: ["exports"], queryFn: list<Export>("/exports"), staleTime: 0, refetchInterval: ({ state }) => (state.data?.some(going) ? pulseMs : false) });
export const addExport = (body: ExportBody) => post<Export>("/exports", body, once());
export const cancelExport = (id: Id) => post<Export>(`/exports/${id}/cancel`);

export const slaPoliciesQuery = queryOptions({ queryKey: ["sla-policies"], queryFn: list<Schemas["SLAPolicy"]>("/sla-policies"), staleTime: 0 });
export const routingQuery = queryOptions({ queryKey: ["routing-rules"], queryFn: () => get<Schemas["RoutingRules"]>("/routing-rules"), staleTime: 0 });
export const putRoutingRules = (rules: Schemas["RoutingRules"]) => put<Schemas["RoutingRules"]>("/routing-rules", rules);
/** What the rules would have done with a stretch of past tickets; `after` is where the stretch before ended. */
export const tryRoutingRules = (rules: Schemas["RoutingRule"][], after: string) => post<Schemas["RoutingTrial"]>("/routing-rules/trial", { rules, after });

export const loadDemo = () => post<{ loaded: boolean }>("/demo");
export const removeDemo = () => remove<{ loaded: boolean }>("/demo");

export type Brand = Schemas["Brand"];
export type Matrix = Schemas["Matrix"];
export const rolesQuery = queryOptions({ queryKey: ["roles"], queryFn: () => get<Matrix>("/roles"), staleTime: 0 });
export const grantToRole = (role: Role, grants: string[]) => put<Matrix>("/roles", { role, grants });
export type CustomRole = Schemas["CustomRole"];
export type RoleBody = Pick<CustomRole, "label" | "permissions">;
export const addRole = (role: RoleBody & Pick<CustomRole, "base">) => post<CustomRole>("/roles", role, once());
export const editRole = ({ id, version }: CustomRole, role: RoleBody) => put<CustomRole>(`/roles/${id}`, { ...role, version });
/** Whoever has it gets another role instead. */
export const removeRole = (id: Id, instead: { role?: Role; custom_role_id?: Id }) => remove<void>(`/roles/${id}?${new URLSearchParams(Object.entries(instead).map(([name, value]) => [name, `${value}`])).toString()}`);

export type CannedBody = { audience: CannedReply["audience"]; team_id?: Id; name: string; reading: string; texts: Record<string, string> };
export const addCanned = (body: CannedBody) => post<CannedReply>("/canned-replies", body, once());
export const editCanned = (id: Id, body: CannedBody & { version: number }) => put<CannedReply>(`/canned-replies/${id}`, body);
export const removeCanned = (id: Id) => remove<void>(`/canned-replies/${id}`);

export const brandsQuery = queryOptions({ queryKey: ["brands"], queryFn: list<Brand>("/brands"), staleTime: 0 });
export type BrandBody = { name?: string; sender_name?: string; locale?: Brand["locale"]; remove_logo?: boolean; channel_ids?: Id[] };
export const addBrand = (body: BrandBody) => post<Brand>("/brands", body, once());
export const editBrand = (id: Id, body: BrandBody) => patch<Brand>(`/brands/${id}`, body);
export const removeBrand = (id: Id) => remove<void>(`/brands/${id}`);

/** Sends a brand's logo; the server makes it small. */
export function sendLogo(id: Id, file: File): Promise<Brand> {
  const form = new FormData();
  form.append("file", file);
  return request<Brand>("POST", `/brands/${id}/logo`, { form });
}
