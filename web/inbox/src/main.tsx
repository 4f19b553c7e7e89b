import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { queryClient } from "./app/queries.ts";
import { router } from "./app/router.tsx";
import { texts } from "./i18n/catalogue.ts";
import { firstLocale, LanguageProvider } from "./i18n/index.tsx";
import "./main.css";
import { startInstallOffer } from "./notify/install-offer.ts";
import { startTheme } from "./preferences/theme.ts";
import { Toasts } from "./ui/toast.tsx";
import { startTips } from "./ui/tip-layer.ts";

startTheme();
startTips();
startInstallOffer();
const element = document.getElementById("root");
if (!element) throw new Error("index.html has no #root");
const locale = firstLocale();
document.documentElement.lang = locale;
const catalogue = await texts(locale);

createRoot(element).render(
  <StrictMode>
    <CSPProvider disableStyleElements>
      <LanguageProvider locale={locale} catalogue={catalogue}>
        <QueryClientProvider client={queryClient}>
          <Toasts>
            <RouterProvider router={router} />
          </Toasts>
        </QueryClientProvider>
      </LanguageProvider>
    </CSPProvider>
  </StrictMode>,
);
