/** The few drawings there are, 24 by 24. */
export const paths = {
  close: "M6 9l6 6 6-6",
  send: "M12 19V5M6 11l6-6 6 6",
  clip: "M20 11.500l-8.500 8.500a5.500 5.500 0 0 1-8-8L12 3.500a3.700 3.700 0 0 1 5.200 5.200l-8.400 8.400a1.800 1.800 0 0 1-2.600-2.600L14 6.700",
  file: "M14 3H7a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2V8zv5h5",
  down: "M12 5v14M6 13l6 6 6-6",
};

export const Icon = ({ d }: { d: keyof typeof paths }) => (
  <svg viewBox="0 0 24 24" aria-hidden="true">
    <path d={paths[d]} />
  </svg>
);
