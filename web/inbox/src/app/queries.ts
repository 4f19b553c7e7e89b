import { QueryClient } from "@tanstack/react-query";
import { isOffline, Problem } from "../api/problem.ts";

/** The cache of what the server said. Live patches keep the desk's part of it fresh, so nothing refetches on focus. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => (isOffline(error) || (error instanceof Problem && error.status >= 500)) && failures < 3,
      retryDelay: (attempt) => Math.min(8_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2),
    },
    mutations: { retry: false, networkMode: "always" },
  },
});
