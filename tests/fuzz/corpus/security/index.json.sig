{
 "weir_signatures": 1,
 "type": "application/vnd.weir.index+json",
 "signatures": [
  {
   "key": "SHA256:ofAOsDmcbNGS6y6C3DV+uq2Ofp8loq6IqwSbDuEd+dY",
   "signature": "zfGMeEBLApUAvP359jlCl7O293s7jH7C4FFpHBJC97uNf7A/J8SMf7EIW6sEb0weOLH3lNdXMjni6i5otFoYCg=="
  }
 ]
}
