// Copying what is shown once; without it the text is selected by hand.
(() => {
  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const words = document.querySelector(button.dataset.copy).textContent.trim();
      try { await navigator.clipboard.writeText(words); } catch { return; }
      button.textContent = button.dataset.copied;
    });
  });
})();
