import { describeConformance } from './describe-conformance.js'

await describeConformance('versitygw')
