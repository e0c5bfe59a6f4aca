// What stands where a picture cannot be shown: its words, so that nothing is lost but the picture.

import { el, icon } from "./dom.js";
import { msg } from "./language.js";

export const missing = (words) => el("span", { class: "picture-missing" }, icon("picture"), el("span", {}, words || msg("A picture")));
