export { createSignupDecisionService, type SignupDecisionService } from './signup-decision.service.ts';
export { createSignupRequestService, type SignupRequestService } from './signup-request.service.ts';
export { heldNames, insertSignup, patchSignup } from './signup.repository.ts';
