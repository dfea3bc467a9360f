/* global SwaggerUIBundle */
// Without a validator, which would be asked over the internet.
SwaggerUIBundle({
  url: "/_console/api/contract",
  dom_id: "#reference",
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
