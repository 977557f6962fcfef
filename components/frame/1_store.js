/* The state of the view inside the frame: date, selection, visible layers. Everything that shows it subscribes. */
window.closingDoor = (() => {
  const listeners = [];
  const state = { asOf: null, selected: null, layers: null };
  const words = {};

  return {
    state,
    words,
    stances: {}, // filled by the bridge: the spells of each fold
    /** Change part of the state and tell every listener what changed: `{asOf, selected, layers}` as booleans. */
    change(part) {
      const changed = {};
      for (const [key, value] of Object.entries(part)) {
        if (JSON.stringify(state[key]) !== JSON.stringify(value)) {
          state[key] = value;
          changed[key] = true;
        }
      }
      if (Object.keys(changed).length) listeners.forEach((listen) => listen(changed));
    },
    onChange(listen) {
      listeners.push(listen);
    },
    /** The spell of a feature that holds on an ISO day, or null where no source speaks. */
    spellAt(feature, day) {
      return (closingDoor.stances[feature.stances] || []).find((spell) => spell.start <= day && (!spell.end || day <= spell.end)) || null;
    },
    /** An element with a class, text and children. Text from data only ever enters the page here, as text. */
    element(tag, className, text, children = []) {
      const made = document.createElement(tag);
      if (className) made.className = className;
      if (text !== undefined && text !== null) made.textContent = closingDoor.visible(text);
      made.append(...children);
      return made;
    },
    /** Text with control and direction-changing characters made visible, so that it shows as typed. */
    visible(text) {
      const hidden = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;
      return String(text).replace(hidden, (c) => "⟨U+" + c.codePointAt(0).toString(16).toUpperCase().padStart(4, "0") + "⟩");
    },
    say(text, values = {}) {
      return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
    },
    /** An ISO day as people say it: "28 May 2013". */
    sayDay(day) {
      const [year, month, date] = day.split("-").map(Number);
      return `${date} ${words.dates.months[month - 1]} ${year}`;
    },
    isYearEnd(day) {
      return day.endsWith("-12-31");
    },
  };
})();
