import type { DeliveryStatus } from "../api/types.ts";

const order: readonly DeliveryStatus[] = ["sent", "delivered", "read"];

/**
 * How far a message came, but no further than its channel can prove (G2.3): what lies beyond falls back to the nearest
 * step that it can.
 */
export function proven(status: DeliveryStatus, receipts: readonly DeliveryStatus[]): DeliveryStatus {
  const reached = order.indexOf(status);
  if (reached <= 0) return status;
  return order.slice(1, reached + 1).findLast((step) => receipts.includes(step)) ?? "sent";
}
