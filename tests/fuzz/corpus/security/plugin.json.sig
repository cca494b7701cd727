{
 "weir_signatures": 1,
 "type": "application/vnd.weir.plugin+json",
 "signatures": [
  {
   "key": "SHA256:ofAOsDmcbNGS6y6C3DV+uq2Ofp8loq6IqwSbDuEd+dY",
   "signature": "P0NgQ4AV0mOVmAFyx8jlofzKiggPoPSXSqC5NJyWhMzmybOxNsk2zC9/frJjRNOV1qe4GlLjGhmBsTYoC4eMBQ=="
  }
 ]
}
