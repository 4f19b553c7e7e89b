import { render } from "preact";
import "./panel.css";

render(<main aria-label="Madoguchi" />, document.body);
