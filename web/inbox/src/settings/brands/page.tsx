import { useQuery } from "@tanstack/react-query";
import { ImageUp, Pencil, Plus, Trash2 } from "lucide-react";
import { useRef, useState } from "react";
import { channelsQuery } from "../../api/desk.ts";
import { useT } from "../../i18n/index.tsx";
import { Avatar } from "../../ui/avatar.tsx";
import { Button, IconButton } from "../../ui/button.tsx";
import { brandsQuery, editBrand, removeBrand, sendLogo, type Brand } from "../api.ts";
import { Lines, Section, useMay } from "../section.tsx";
import { useChange } from "../use-change.ts";
import { useRemoval } from "../use-removal.tsx";
import { BrandForm } from "./form.tsx";

/** The faces that the workspace shows to customers. */
export function BrandsPage() {
  const t = useT();
  const may = useMay("brands");
  const { data: brands = [] } = useQuery(brandsQuery);
  const { data: channels = [] } = useQuery(channelsQuery);
  const [edited, setEdited] = useState<Brand | "new" | null>(null);
  const removal = useRemoval(brandsQuery.queryKey, removeBrand, t("brands.delete_hint"));
  const worn = (brand: Brand) => channels.filter((one) => brand.channel_ids?.includes(one.id)).map((one) => one.name).join(", ");
  return (
    <Section
      id="brands"
      actions={
        <Button look="primary" onClick={() => setEdited("new")}>
          <Plus size={15} aria-hidden /> {t("brands.add")}
        </Button>
      }
    >
      <Lines label={t("settings.brands.title")}>
        {brands.map((brand) => (
          <li key={brand.id} className="flex min-h-14 flex-wrap items-center gap-3 py-2 pr-2 pl-4">
            <Avatar name={brand.name} id={brand.id} url={brand.logo_url} size={36} />
            <div className="min-w-0 flex-1 basis-40">
              <p className="truncate font-medium">
                <bdi>{brand.name}</bdi>
              </p>
              <p className="truncate text-xs text-muted">
                <bdi>{worn(brand) || t("brands.no_channels")}</bdi>
              </p>
            </div>
            {may && (
              <div className="ml-auto flex items-center gap-1">
                <Logo brand={brand} />
                <IconButton label={t("settings.edit_named", { name: brand.name })} onClick={() => setEdited(brand)}>
                  <Pencil size={15} aria-hidden />
                </IconButton>
                <IconButton label={t("settings.delete_named", { name: brand.name })} onClick={() => removal.ask(brand)} disabled={brands.length < 2 || (brand.channel_ids?.length ?? 0) > 0}>
                  <Trash2 size={15} aria-hidden />
                </IconButton>
              </div>
            )}
          </li>
        ))}
      </Lines>
      {edited && <BrandForm brand={edited === "new" ? null : edited} onClose={() => setEdited(null)} />}
      {removal.question}
    </Section>
  );
}

/** Chooses a logo, or takes it away. */
function Logo({ brand }: { brand: Brand }) {
  const t = useT();
  const picker = useRef<HTMLInputElement>(null);
  const send = useChange(brandsQuery.queryKey, (file: File | null) => (file ? sendLogo(brand.id, file) : editBrand(brand.id, { remove_logo: true })));
  return (
    <>
      <input
        ref={picker}
        type="file"
        accept="image/png,image/jpeg,image/gif,image/webp"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file) send.mutate(file);
        }}
      />
      {brand.logo_url && (
        <Button look="quiet" onClick={() => send.mutate(null)} busy={send.isPending}>
          {t("brands.logo_remove")}
        </Button>
      )}
      <IconButton label={t("brands.logo_of", { name: brand.name })} onClick={() => picker.current?.click()} disabled={send.isPending}>
        <ImageUp size={15} aria-hidden />
      </IconButton>
    </>
  );
}
