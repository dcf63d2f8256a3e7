"""HTTP: one module for each front door, and the machinery that they share.

``routing`` declares, ``app`` runs: it alone finds the actor, opens the transaction, and turns a refusal
into a status. A handler loads, decides, saves, answers.
"""
