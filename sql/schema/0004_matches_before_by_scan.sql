-- What a run over everything keeps of the matches before it is read whole, and once.

drop index match_before_business;
