"""Several wordings of a query, scored and merged; on a sheet, the ledger of what each rule gains."""
