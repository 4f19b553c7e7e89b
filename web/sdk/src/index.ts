/** Version of the widget protocol that this client speaks. */
export const protocolVersion = 1;
