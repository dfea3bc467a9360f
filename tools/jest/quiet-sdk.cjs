// Or the AWS SDK warns in each test file, on Node 20, that it is going to drop it.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
