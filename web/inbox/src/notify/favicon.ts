const size = 32;

/** Draws the page's icon, with a dot while something is unread. */
export function drawBadge(unread: boolean): void {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.fillStyle = "#2257bf";
  pen.beginPath();
  pen.roundRect(1, 1, 30, 30, 8);
  pen.fill();
  pen.strokeStyle = "#fff";
  pen.lineWidth = 3;
  pen.lineCap = "round";
  pen.beginPath();
  pen.moveTo(8, 20);
  pen.lineTo(8, 13);
  pen.arc(16, 13, 8, Math.PI, 0);
  pen.lineTo(24, 20);
  pen.moveTo(6, 23);
  pen.lineTo(26, 23);
  pen.stroke();
  if (unread) {
    pen.fillStyle = "#fff";
    pen.beginPath();
    pen.arc(24, 8, 8, 0, 7);
    pen.fill();
    pen.fillStyle = "#d3362b";
    pen.beginPath();
    pen.arc(24, 8, 6.5, 0, 7);
    pen.fill();
  }
  let link = document.querySelector<HTMLLinkElement>("link[rel=icon]");
  if (!link) {
    link = document.createElement("link");
    link.rel = "icon";
    document.head.append(link);
  }
  link.href = canvas.toDataURL("image/png");
}
