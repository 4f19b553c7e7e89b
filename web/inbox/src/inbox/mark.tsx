/** The product's sign: a counter with its window. Decorative. */
export function Mark({ size = 22 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 24 24" className="shrink-0 text-accent">
      <rect x="1" y="1" width="22" height="22" rx="6" fill="currentColor" />
      <path d="M6 15.5V10a6 6 0 0 1 12 0v5.5" fill="none" stroke="var(--color-canvas)" strokeWidth="2" strokeLinecap="round" />
      <path d="M4.5 17h15" stroke="var(--color-canvas)" strokeWidth="2.2" strokeLinecap="round" />
      <circle cx="12" cy="11.5" r="2" fill="var(--color-canvas)" />
    </svg>
  );
}
