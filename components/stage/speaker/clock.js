/* The plain page of the quick exit: the time of day, and nothing else. */
(() => {
  const face = document.getElementById("now");
  const show = () => {
    face.textContent = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  };
  show();
  setInterval(show, 1000);
})();
