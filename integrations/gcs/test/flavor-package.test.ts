import { describeFlavorPackage } from '@stack/testing'

describeFlavorPackage(import.meta.url)
