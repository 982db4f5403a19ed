export { PvaflowError, type ErrorCode } from './core/errors.js';
