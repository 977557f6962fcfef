/* Streamlit's pages all talk to the server at the root of this origin, and listen to no other host. */
window.__streamlit = {
  BACKEND_BASE_URL: window.location.origin,
  MAIN_PAGE_BASE_URL: window.location.origin,
  HOST_CONFIG: { allowedOrigins: [window.location.origin], useExternalAuthToken: false },
};
