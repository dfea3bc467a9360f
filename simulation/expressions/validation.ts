import { DynamoDBServiceException } from "@aws-sdk/client-dynamodb";

/** What DynamoDB answers to a call that it does not understand. */
export function validationException(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({
    name: "ValidationException",
    $fault: "client",
    $metadata: {},
    message,
  });
}
