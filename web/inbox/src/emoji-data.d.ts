declare module "virtual:emoji-data" {
  /** Base address of the emoji picker's data on our own server (frimousse's `emojibaseUrl`). */
  const address: string;
  export default address;
}
