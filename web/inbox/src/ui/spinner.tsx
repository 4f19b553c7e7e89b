/** A turning ring in the text's colour; decorative, say what is going on in words. */
export function Spinner({ size = 16 }: { size?: number }) {
  return <span aria-hidden style={{ width: size, height: size }} className="inline-block animate-spin rounded-full border-2 border-current border-r-transparent" />;
}
