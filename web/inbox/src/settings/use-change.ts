import { useMutation, useQueryClient, type QueryKey } from "@tanstack/react-query";
import { useToast } from "../ui/toast.tsx";

/** One change to a list: says what went wrong, and reads the list again when it worked. */
export function useChange<Input>(key: QueryKey, change: (input: Input) => Promise<unknown>, then?: (input: Input) => void) {
  const queries = useQueryClient();
  const toast = useToast();
  return useMutation({
    mutationFn: change,
    onSuccess: async (_, input) => {
      await queries.invalidateQueries({ queryKey: key });
      then?.(input);
    },
    onError: (error) => void toast.problem(error),
  });
}

/** Reads a list again after something in it changed. */
export function useReread(key: QueryKey): () => Promise<void> {
  const queries = useQueryClient();
  return () => queries.invalidateQueries({ queryKey: key });
}
