/** The few drawings there are, 24 by 24. */
export const paths = {
  close: "M6 9l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  clip: "M20 12l-8 8a5 5 0 0 1-8-8l8-8a3 3 0 0 1 5 5l-8 8a2 2 0 0 1-3-3l7-7",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8l-5-5v5h5",
  down: "M12 5v14M6 13l6 6 6-6",
};

export const Icon = ({ d }: { d: keyof typeof paths }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[d]} />
  </svg>
);
